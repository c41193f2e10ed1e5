/** Completion: what can stand at the cursor, each with its meaning, what fits best first. */
import { type LangiumDocument, UriUtils, WorkspaceCache } from 'langium';
import type { CompletionProvider, CompletionProviderOptions } from 'langium/lsp';
import {
  type CompletionItem,
  CompletionItemKind,
  type CompletionList,
  type CompletionParams,
  InsertTextFormat,
  type Range,
} from 'vscode-languageserver';
import { wholeCells } from '../../check/check-file.ts';
import { readConstants } from '../../check/constant-definitions.ts';
import { Reporter } from '../../check/reporter.ts';
import { isUnclosedText } from '../../check/syntax-errors.ts';
import type { File } from '../../generated/ast.ts';
import type { RnnServices } from '../module.ts';
import { blockProposals, cellTemplates, fileProposals } from './block-proposals.ts';
import { initialiserProposals, quantityProposals, statementProposals } from './cell-proposals.ts';
import { ownSignatures, signaturesOf } from './cell-signatures.ts';
import { type Cursor, cursorAt } from './cursor.ts';
import { columnProposals, columnsOf, pathProposals } from './data-files.ts';
import { constantValueProposals, expressionProposals } from './equation-proposals.ts';
import { type HoleShapes, shapesAt } from './hole.ts';
import { layerProposals } from './layer-proposals.ts';
import { type CellSignature, type CompletionPlace, placeAt } from './place.ts';
import { escapeSnippet, type Proposal } from './proposal.ts';
import { argumentProposals, keyProposals, valueProposals } from './setting-proposals.ts';
import { TokenReader } from './token-reader.ts';

export class RnnCompletionProvider implements CompletionProvider {
  readonly completionOptions: CompletionProviderOptions = {
    triggerCharacters: ['"', '/', '@', '[', '~', '=', '(', ',', ' '],
  };

  private readonly services: RnnServices;
  private readonly foreign: WorkspaceCache<string, readonly CellSignature[]>;

  constructor(services: RnnServices) {
    this.services = services;
    this.foreign = new WorkspaceCache(services.shared);
  }

  async getCompletion(
    document: LangiumDocument,
    { position, context }: CompletionParams,
  ): Promise<CompletionList | undefined> {
    const file = document as LangiumDocument<File>;
    const text = file.textDocument.getText();
    const lexed = this.services.parser.Lexer.tokenize(text);
    const cursor = cursorAt(lexed, file.textDocument.offsetAt(position));
    if (cursor === undefined || !isWanted(context?.triggerCharacter, cursor, text)) return undefined;
    const reader = new TokenReader(cursor.tokens, cursor.index);
    const place = placeAt(cursor, reader, ownSignatures(reader, lexed.hidden), this.foreignCells(file));
    if (place === undefined) return undefined;
    const proposals = await this.proposals(place, cursor, reader, file);
    const edit = editAt(cursor, place, text);
    const range = { start: file.textDocument.positionAt(edit.start), end: position };
    return {
      isIncomplete: place.kind === 'path',
      items: proposals.map((proposal, order) => toItem(proposal, order, range, edit)),
    };
  }

  private async proposals(
    place: CompletionPlace,
    cursor: Cursor,
    reader: TokenReader,
    document: LangiumDocument<File>,
  ): Promise<readonly Proposal[]> {
    switch (place.kind) {
      case 'emptyFile':
        return fileProposals([...this.services.checks.preludeCells().values()]);
      case 'block':
        return blockProposals(place.source, [...this.services.checks.preludeCells().values()]);
      case 'cellHead':
        return cellTemplates([...this.services.checks.preludeCells().values()]);
      case 'key':
        return keyProposals(place);
      case 'value':
        return valueProposals(place);
      case 'argument':
        return argumentProposals(place);
      case 'path':
        return this.paths(place, cursor, document);
      case 'column':
        return this.columns(place, document);
      case 'layer':
        return layerProposals(place.context, place.names);
      case 'statement':
        return statementProposals(place.names, this.shapes(cursor, reader, document)?.names ?? new Map());
      case 'expression':
        return expressionProposals(place, this.shapes(cursor, reader, document));
      case 'constant':
        return constantValueProposals(place);
      case 'initialiser':
        return initialiserProposals(place.isMatrix);
      case 'quantity':
        return quantityProposals(place.names, place.word);
      case 'delay':
        return delayProposals;
    }
  }

  private shapes(
    cursor: Cursor,
    reader: TokenReader,
    document: LangiumDocument<File>,
  ): HoleShapes | undefined {
    const { constants } = document.parseResult.value;
    const values = readConstants(constants, new Reporter(document.uri.toString()));
    const { LangiumParser } = this.services.parser;
    return shapesAt(cursor, reader, document.textDocument.getText(), values, LangiumParser);
  }

  private paths(
    { files }: Extract<CompletionPlace, { kind: 'path' }>,
    cursor: Cursor,
    { uri, textDocument }: LangiumDocument,
  ): readonly Proposal[] | Promise<readonly Proposal[]> {
    if (uri.scheme !== 'file') return [];
    const written = cursor.text
      ? textDocument.getText().slice(cursor.text.startOffset + 1, cursor.offset)
      : '';
    const { FileSystemProvider } = this.services.shared.workspace;
    return pathProposals(UriUtils.dirname(uri), written, files, uri, FileSystemProvider);
  }

  private async columns(
    { path, used }: Extract<CompletionPlace, { kind: 'column' }>,
    { uri }: LangiumDocument,
  ): Promise<readonly Proposal[]> {
    if (path === undefined) return [];
    const file = UriUtils.resolvePath(UriUtils.dirname(uri), path);
    return columnProposals(await columnsOf(file, this.services.shared.workspace.FileSystemProvider), used);
  }

  /** Imported cells, then those of the prelude that none of them hides. */
  private foreignCells(document: LangiumDocument<File>): readonly CellSignature[] {
    return this.foreign.get(document.uri.toString(), () => {
      const { checks } = this.services;
      const imported = [...checks.importedCells(document)].flatMap(([path, cells]) =>
        cells ? signaturesOf(wholeCells(cells), path) : [],
      );
      const names = new Set(imported.map(({ name }) => name));
      const prelude = signaturesOf(checks.preludeCells(), 'prelude').filter(({ name }) => !names.has(name));
      return [...imported, ...prelude];
    });
  }
}

const delayProposals: readonly Proposal[] = [
  { label: 't-1', kind: CompletionItemKind.Value, documentation: 'One time step ago.' },
  { label: 't-2', kind: CompletionItemKind.Value, documentation: 'Two time steps ago.' },
];

const beforeValue = new Set(['=', '~', '@', '+', ',', 'output', 'import', 'cell']);

/** A space is typed everywhere: it asks only where a value comes next. Others ask nothing inside of a text. */
function isWanted(
  trigger: string | undefined,
  { tokens, index, text, offset }: Cursor,
  source: string,
): boolean {
  if (trigger === undefined) return true;
  if (text !== undefined) return trigger === '"' || trigger === '/';
  if (trigger === '/' || trigger === '"') return false;
  if (trigger !== ' ') return true;
  const previous = tokens[index - 1];
  if (previous === undefined || !beforeValue.has(previous.image)) return false;
  return !source.slice(previous.startOffset + previous.image.length, offset).includes('\n');
}

interface Edit {
  readonly start: number;
  readonly before: string;
  readonly after: string;
}

/** Where the edits start, and what goes around them: quotes that are not there yet, a space after an operator. */
function editAt({ word, text, offset }: Cursor, place: CompletionPlace, source: string): Edit {
  if (text !== undefined) {
    const written = source.slice(text.startOffset + 1, offset);
    const start =
      place.kind === 'path' ? text.startOffset + 1 + written.lastIndexOf('/') + 1 : text.startOffset + 1;
    return { start, before: '', after: isUnclosedText(text) ? '"' : '' };
  }
  const isQuoted = (place.kind === 'path' || place.kind === 'column') && place.isNew;
  const start = place.kind === 'cellHead' ? place.from : (word?.startOffset ?? offset);
  const sticks = start === offset && /[=~@+]/.test(source[offset - 1] ?? '');
  return { start, before: `${sticks ? ' ' : ''}${isQuoted ? '"' : ''}`, after: isQuoted ? '"' : '' };
}

function toItem(proposal: Proposal, order: number, range: Range, { before, after }: Edit): CompletionItem {
  const { label, kind, documentation, detail, filter, thenSuggest } = proposal;
  const text = proposal.text ?? escapeSnippet(label);
  // A folder's name goes on after its slash.
  const closing = text.endsWith('/') ? '' : after;
  return {
    label,
    kind,
    sortText: String(order).padStart(3, '0'),
    insertTextFormat: InsertTextFormat.Snippet,
    textEdit: { range, newText: `${before}${text}${closing}` },
    ...(before !== '' && { filterText: `${before}${filter ?? label}` }),
    ...(before === '' && filter !== undefined && { filterText: filter }),
    ...(detail !== undefined && { detail }),
    ...(documentation !== undefined && { documentation: { kind: 'markdown', value: documentation } }),
    ...(thenSuggest && { command: { title: 'Suggest values', command: 'editor.action.triggerSuggest' } }),
  };
}
