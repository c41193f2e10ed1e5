/** Renaming, where the language differs from what references alone tell. */
import { type AstNode, CstUtils, type LangiumDocument } from 'langium';
import { DefaultRenameProvider } from 'langium/lsp';
import { ErrorCodes, type RenameParams, ResponseError, type WorkspaceEdit } from 'vscode-languageserver';
import { inputName } from '../vocabulary/functions.ts';
import type { RnnServices } from './module.ts';
import { whyNotRename } from './rename-clashes.ts';

const reservedNames = new Set([
  inputName,
  ...['data', 'cell', 'model', 'train', 'param', 'initial', 'output', 'import', 'let'],
]);

export class RnnRenameProvider extends DefaultRenameProvider {
  private readonly preludeUri: string;

  constructor(services: RnnServices) {
    super(services);
    this.preludeUri = services.prelude.uri;
  }

  override async rename(document: LangiumDocument, params: RenameParams): Promise<WorkspaceEdit | undefined> {
    if (!/^[A-Za-z_]\w*$/.test(params.newName) || reservedNames.has(params.newName)) {
      throw refusal(
        `\`${params.newName}\` is not a name: names are letters, digits and _, and no word of the language.`,
      );
    }
    const edit = await super.rename(document, params);
    if (edit?.changes && this.preludeUri in edit.changes) {
      throw refusal(
        'This cell belongs to the prelude and keeps its name; copy it into your file to change it.',
      );
    }
    const declaration = this.declarationAt(document, params.position);
    const obstacle = declaration && whyNotRename(declaration, params.newName);
    if (obstacle) throw refusal(obstacle);
    return edit;
  }

  private declarationAt(document: LangiumDocument, position: RenameParams['position']): AstNode | undefined {
    const offset = document.textDocument.offsetAt(position);
    const leaf = CstUtils.findDeclarationNodeAtOffset(document.parseResult.value.$cstNode, offset);
    return leaf && this.references.findDeclarations(leaf)[0];
  }
}

function refusal(message: string): ResponseError<void> {
  return new ResponseError(ErrorCodes.InvalidParams, message);
}
