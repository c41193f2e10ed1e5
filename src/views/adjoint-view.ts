import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import {
  type AdjointDocument,
  adjointEquationsRequest,
  type CellName,
  type CellQuestion,
  cellAtRequest,
} from '../protocol/adjoint-view.ts';
import { toRange } from './documents.ts';

const scheme = 'unroll-adjoint';
/** While a source is being typed, its equations follow after so many milliseconds without a key. */
const restAfterTyping = 150;

/** A place in a source file, as commands know it. */
export interface SourcePlace {
  readonly uri: vscode.Uri;
  readonly position: vscode.Position;
}

/**
 * Read-only documents with the adjoint equations of cells. They follow the source as it is edited; go-to-definition
 * leads from each line back to what it was derived from. They are of the language alone and need no trust.
 */
export class AdjointView implements vscode.TextDocumentContentProvider, vscode.DefinitionProvider {
  readonly #client: LanguageClient;
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;
  /** By URI of the view: what it shows. */
  readonly #shown = new Map<string, AdjointDocument>();
  #waiting: NodeJS.Timeout | undefined;

  constructor(client: LanguageClient) {
    this.#client = client;
  }

  register(): vscode.Disposable {
    return vscode.Disposable.from(
      vscode.workspace.registerTextDocumentContentProvider(scheme, this),
      vscode.languages.registerDefinitionProvider({ scheme }, this),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.#follow(document.uri)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#shown.delete(uri.toString())),
      new vscode.Disposable(() => clearTimeout(this.#waiting)),
      this.#changed,
    );
  }

  /** Opens the equations of the cell that is meant at a place, at the lines that were derived from that place. */
  async show(place = activePlace()): Promise<void> {
    const question = place && { uri: place.uri.toString(), position: place.position };
    const cell = question && (await this.#ask<CellName>(cellAtRequest, question));
    if (!place || !cell) {
      void vscode.window.showInformationMessage(vscode.l10n.t('There is no cell here to show equations of.'));
      return;
    }
    const uri = viewUri(cell);
    const document = await vscode.workspace.openTextDocument(uri);
    const open = vscode.window.visibleTextEditors.find((editor) => editor.document === document);
    const line = this.#lineFor(uri, place);
    await vscode.window.showTextDocument(document, {
      viewColumn: open?.viewColumn ?? vscode.ViewColumn.Beside,
      selection: new vscode.Range(line, 0, line, 0),
    });
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const cell = cellOf(uri);
    // The server knows a file once it is open.
    await vscode.workspace.openTextDocument(vscode.Uri.parse(cell.uri));
    const document = await this.#ask<AdjointDocument>(adjointEquationsRequest, cell);
    const earlier = this.#shown.get(uri.toString());
    if (document === undefined) return staleText(cell, earlier);
    this.#shown.set(uri.toString(), document);
    return textOf(document);
  }

  provideDefinition(document: vscode.TextDocument, { line }: vscode.Position): vscode.LocationLink[] {
    const shown = this.#shown.get(document.uri.toString())?.lines[line];
    const { text, range, firstNonWhitespaceCharacterIndex: indent } = document.lineAt(line);
    // A document that waits for its new text has its lines elsewhere.
    if (shown?.source === undefined || shown.text !== text) return [];
    return [
      {
        originSelectionRange: range.with(range.start.translate(0, indent)),
        targetUri: vscode.Uri.parse(shown.source.uri),
        targetRange: toRange(shown.source),
      },
    ];
  }

  /** Of the lines that were derived from a place the first; else the document's. */
  #lineFor(uri: vscode.Uri, { uri: source, position }: SourcePlace): number {
    const lines = this.#shown.get(uri.toString())?.lines ?? [];
    const found = lines.findIndex(
      (line) => line.source?.uri === source.toString() && line.source.start.line === position.line,
    );
    return Math.max(0, found);
  }

  #follow(source: vscode.Uri): void {
    const views = [...this.#shown.keys()].map((uri) => vscode.Uri.parse(uri));
    const concerned = views.filter((view) => cellOf(view).uri === source.toString());
    if (concerned.length === 0) return;
    clearTimeout(this.#waiting);
    this.#waiting = setTimeout(() => {
      for (const view of concerned) this.#changed.fire(view);
    }, restAfterTyping);
  }

  async #ask<Answer>(method: string, question: CellQuestion | CellName): Promise<Answer | undefined> {
    return (await this.#client.sendRequest<Answer | null>(method, question)) ?? undefined;
  }
}

/** What a code lens means, by the argument that the language server gave it; menus and keys mean the active editor. */
export function placeOf(argument: unknown): SourcePlace | undefined {
  if (typeof argument !== 'object' || argument === null || !('line' in argument && 'uri' in argument))
    return undefined;
  const { uri, line } = argument;
  if (typeof uri !== 'string' || typeof line !== 'number') return undefined;
  return { uri: vscode.Uri.parse(uri), position: new vscode.Position(line, 0) };
}

function activePlace(): SourcePlace | undefined {
  const editor = vscode.window.activeTextEditor;
  if (editor?.document.languageId !== 'rnn') return undefined;
  return { uri: editor.document.uri, position: editor.selection.active };
}

/** The name of the cell is what the tab shows. */
function viewUri({ uri, name }: CellName): vscode.Uri {
  return vscode.Uri.from({ scheme, path: `/${name}.adjoint`, query: uri });
}

function cellOf({ path, query }: vscode.Uri): CellName {
  return { uri: query, name: path.replace(/^\/|\.adjoint$/g, '') };
}

function textOf({ lines }: AdjointDocument): string {
  return lines.map(({ text }) => text).join('\n');
}

/** While a cell is being edited it is wrong for moments: its equations stay, and say so. */
function staleText({ name }: CellName, earlier: AdjointDocument | undefined): string {
  if (earlier === undefined) return `# ${vscode.l10n.t('{0} has errors, or is not there.', name)}`;
  const note = vscode.l10n.t('{0} has errors now. These are its equations from before.', name);
  return `# ${note}\n${textOf(earlier)}`;
}
