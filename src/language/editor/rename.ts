/** References and renaming, where the language differs from what references alone tell. */
import {
  type AstNode,
  AstUtils,
  type CstNode,
  CstUtils,
  DefaultReferences,
  type FindReferencesOptions,
  GrammarUtils,
  type LangiumDocument,
  type ReferenceDescription,
  type Stream,
  stream,
} from 'langium';
import { DefaultRenameProvider } from 'langium/lsp';
import { ErrorCodes, type RenameParams, ResponseError, type WorkspaceEdit } from 'vscode-languageserver';
import { type Argument, type CellArgument, isArgument, isCellArgument, isLayer } from '../generated/ast.ts';
import { inputName } from '../vocabulary/functions.ts';
import type { RnnServices } from './module.ts';

/** Adds named arguments: in `LSTM(units = 64)`, `units` refers to the cell's argument. */
export class RnnReferences extends DefaultReferences {
  override findDeclarations(source: CstNode): AstNode[] {
    const node = source.astNode;
    if (!isArgument(node)) return super.findDeclarations(source);
    const declaration = declarationOf(node);
    return declaration ? [declaration] : [];
  }

  override findReferences(target: AstNode, options: FindReferencesOptions): Stream<ReferenceDescription> {
    const references = super.findReferences(target, options);
    return isCellArgument(target) ? references.concat(this.namedArguments(target)) : references;
  }

  private namedArguments(target: CellArgument): Stream<ReferenceDescription> {
    const document = AstUtils.getDocument(target);
    const targetPath = this.nodeLocator.getAstNodePath(target);
    const found: ReferenceDescription[] = [];
    for (const node of AstUtils.streamAst(document.parseResult.value)) {
      const name = isArgument(node) ? GrammarUtils.findNodeForProperty(node.$cstNode, 'name') : undefined;
      if (!isArgument(node) || !name || declarationOf(node) !== target) continue;
      found.push({
        sourceUri: document.uri,
        sourcePath: this.nodeLocator.getAstNodePath(node),
        targetUri: document.uri,
        targetPath,
        segment: CstUtils.toDocumentSegment(name),
        local: true,
      });
    }
    return stream(found);
  }
}

function declarationOf(argument: Argument): CellArgument | undefined {
  const layer = argument.$container;
  if (!isLayer(layer) || argument.name === undefined) return undefined;
  return layer.type.ref?.arguments.find((candidate) => candidate.name === argument.name);
}

const reservedNames = new Set([inputName, 'data', 'cell', 'model', 'train', 'param', 'initial', 'output']);

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
    return edit;
  }
}

function refusal(message: string): ResponseError<void> {
  return new ResponseError(ErrorCodes.InvalidParams, message);
}
