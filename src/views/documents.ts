import * as vscode from 'vscode';
import type { SourceRange } from '../protocol/source-range.ts';
import type { Session } from '../session/session.ts';
import type { Sessions } from '../session/sessions.ts';
import { movedLine } from './moved-line.ts';

/** Finds the `.rnn` document that a command means. */
export class RunDocuments {
  readonly #sessions: Sessions;
  readonly #libraryUri: vscode.Uri;

  constructor(sessions: Sessions, extensionUri: vscode.Uri) {
    this.#sessions = sessions;
    this.#libraryUri = vscode.Uri.joinPath(extensionUri, 'dist');
  }

  /** The model in the active editor, else the one whose session the panels show, else one that is visible. */
  get meant(): vscode.Uri | undefined {
    const { current } = this.#sessions;
    if (this.active) return this.active;
    if (current) return vscode.Uri.parse(current.uri);
    return vscode.window.visibleTextEditors.find(({ document }) => this.#isModel(document))?.document.uri;
  }

  /** The model in the active editor. */
  get active(): vscode.Uri | undefined {
    const document = vscode.window.activeTextEditor?.document;
    return document && this.#isModel(document) ? document.uri : undefined;
  }

  /** The prelude that comes with the extension is in the language, too, but nothing to train. */
  #isModel({ languageId, uri }: vscode.TextDocument): boolean {
    return languageId === 'rnn' && !uri.toString().startsWith(`${this.#libraryUri}/`);
  }
}

export function toRange({ start, end }: SourceRange): vscode.Range {
  return new vscode.Range(start.line, start.character, end.line, end.character);
}

/** The document of a session, if it is open. */
export function documentOf({ uri }: Session): vscode.TextDocument | undefined {
  return vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri);
}

/** Where a place of a session's run stands after the edits that came since it started. */
export function presentPlace(session: Session, place: SourceRange): SourceRange {
  const earlier = session.text;
  const later = documentOf(session)?.getText();
  if (place.uri !== session.uri || earlier === undefined || later === undefined) return place;
  const move = (position: SourceRange['start']) => ({
    ...position,
    line: movedLine(position.line, earlier, later),
  });
  return { ...place, start: move(place.start), end: move(place.end) };
}

/** Opens a stretch of source where models are edited, so that no panel is covered by it. */
export async function revealSource(source: SourceRange): Promise<void> {
  const uri = vscode.Uri.parse(source.uri);
  const editors = vscode.window.visibleTextEditors;
  const editor =
    editors.find(({ document }) => document.uri.toString() === uri.toString()) ??
    editors.find(({ document }) => document.languageId === 'rnn');
  await vscode.window.showTextDocument(uri, {
    viewColumn: editor?.viewColumn ?? vscode.ViewColumn.One,
    selection: toRange(source),
  });
}
