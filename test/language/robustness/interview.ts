/** Damages a file in an editor, asks the language server all that editors ask, and undoes the damage. */
import assert from 'node:assert/strict';
import {
  type Diagnostic,
  ErrorCodes,
  type Position,
  type Range,
  ResponseError,
  type WorkspaceEdit,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { inputName } from '../../../src/language/vocabulary/functions.ts';
import { findLayer } from '../../../src/language/vocabulary/layers.ts';
import { adjointEquationsRequest, type CellName, cellAtRequest } from '../../../src/protocol/adjoint-view.ts';
import type { LanguageClient } from '../language-client.ts';
import { applied, type Damage, type Edit, inverse } from './damage.ts';
import { Laws, type Question, questionsAbout, questionsAt, type Scene } from './questions.ts';

/** What was asked and how long the answers took. */
export class Tally {
  texts = 0;
  requests = 0;
  /** The slowest answer of each kind. */
  readonly slowest = new Map<string, number>();

  add(method: string, milliseconds: number): void {
    this.requests += 1;
    this.slowest.set(method, Math.max(milliseconds, this.slowest.get(method) ?? 0));
  }
}

/** The issue's own bound for an answer, with all others asked for at the same time. */
const longestMs = 1000;
/** Who has not answered by then never will. */
const hangsMs = 20_000;

/** A file that is open in the server. */
export class Interview {
  readonly uri: string;
  private readonly client: LanguageClient;
  private readonly text: string;
  private readonly tally: Tally;
  /** A file that hangs on this one: it is asked about, too. */
  private readonly importer: Interview | undefined;
  /** Of the text that is whole. */
  private diagnostics: readonly Diagnostic[] = [];

  private constructor(
    client: LanguageClient,
    uri: string,
    text: string,
    tally: Tally,
    importer: Interview | undefined,
  ) {
    this.client = client;
    this.uri = uri;
    this.text = text;
    this.tally = tally;
    this.importer = importer;
  }

  static async open(
    client: LanguageClient,
    uri: string,
    text: string,
    tally: Tally,
    importer?: Interview,
  ): Promise<Interview> {
    const interview = new Interview(client, uri, text, tally, importer);
    interview.diagnostics = await interview.timed('diagnostics', client.write(uri, text));
    return interview;
  }

  /** @throws what is wrong with an answer */
  async about({ edits, cursor }: Damage): Promise<void> {
    this.tally.texts += 1;
    const damaged = applied(this.text, edits);
    await this.look(damaged, cursor, await this.change(this.text, edits));
    if (this.importer) await this.importer.look(this.importer.text, anywhere(this.importer.text, cursor), []);
    await this.renameThereAndBack(damaged, anywhere(damaged, cursor));
    const restored = await this.change(damaged, inverse(this.text, edits));
    assert.deepEqual(restored, this.diagnostics, 'undo does not restore the diagnostics');
    // Files that import this one are built by now, and their diagnostics are sent.
    await this.client.ask(cellAtRequest, { uri: this.uri, position: { line: 0, character: 0 } });
    assert.equal(this.client.complaint, '', 'the server complains');
  }

  /** @throws where giving what is named at a place another name changes what the text is, or cannot be taken back */
  async aboutName(offset: number): Promise<void> {
    this.tally.texts += 1;
    await this.renameThereAndBack(this.text, offset);
  }

  private async change(text: string, edits: readonly Edit[]): Promise<readonly Diagnostic[]> {
    let before = text;
    const changes = edits.map((edit) => {
      const document = this.document(before);
      before = applied(before, [edit]);
      const range = { start: document.positionAt(edit.from), end: document.positionAt(edit.to) };
      return { range, text: edit.put };
    });
    return this.timed('diagnostics', this.client.change(this.uri, changes));
  }

  private async look(text: string, cursor: number, diagnostics: readonly Diagnostic[]): Promise<void> {
    const document = this.document(text);
    const laws = new Laws(document);
    for (const { range } of diagnostics) laws.range(range);
    const scene = (offset: number): Scene => ({
      document,
      position: document.positionAt(offset),
      diagnostics,
    });
    const places = new Set([cursor, anywhere(text, cursor)]);
    const questions = [...[...places].map(scene).flatMap(questionsAt), ...questionsAbout(scene(cursor))];
    await Promise.all(questions.map((question) => this.ask(question)));
    const cell = cellAbove(text, cursor);
    const params: CellName = { uri: this.uri, name: cell };
    await this.ask({ method: adjointEquationsRequest, params, check: () => {} });
  }

  private async ask({ method, params, check }: Question): Promise<void> {
    const answer = await this.timed(method, this.client.ask<never>(method, params));
    try {
      check(answer);
    } catch (error) {
      throw new Error(`${method} ${JSON.stringify(params)}: ${(error as Error).message}`, { cause: error });
    }
  }

  /** Gives what is named at a place a new name, and then its old one. */
  private async renameThereAndBack(text: string, offset: number): Promise<void> {
    const start = this.document(text).positionAt(offset);
    const place = await this.timed<Range | null>(
      'prepareRename',
      this.client.request('prepareRename', this.uri, { position: start }),
    );
    if (place === null) return;
    const name = this.document(text).getText(place);
    const there = await this.rename(text, place.start, newName);
    if (there === undefined) return;
    const diagnostics = await this.timed('diagnostics', this.client.write(this.uri, there.text));
    const back = await this.rename(there.text, there.position, name);
    // What should never have been called so, and what shares its name with another, cannot be called so again.
    const isFree = name !== inputName && !findLayer(name) && !new RegExp(`\\b${name}\\b`).test(there.text);
    if (back === undefined) assert.ok(!isFree, `${name} can be renamed, but not back`);
    else assert.equal(back.text, text, `renaming ${name} there and back changes the file`);
    const restored = await this.timed('diagnostics', this.client.write(this.uri, text));
    if (text === this.text) assert.deepEqual(codesOf(diagnostics), codesOf(restored), `renaming ${name}`);
  }

  /** The text afterwards, and where the name that was at `position` is then; undefined where renaming is refused. */
  private async rename(text: string, position: Position, name: string) {
    const document = this.document(text);
    const edit = await this.timed<WorkspaceEdit | null>(
      'rename',
      this.client.rename(this.uri, position, name),
    ).catch((error: unknown) => {
      if (error instanceof ResponseError && error.code === ErrorCodes.InvalidParams) return null;
      throw error;
    });
    const edits = edit?.changes?.[this.uri] ?? [];
    // What another file declares is renamed there, too.
    if (edits.length === 0 || Object.keys(edit!.changes!).length > 1) return undefined;
    new Laws(document).edits(edits);
    const offset = document.offsetAt(position);
    const earlier = edits.filter(({ range }) => document.offsetAt(range.end) <= offset);
    const moved = earlier.reduce(
      (sum, { range, newText }) => sum + newText.length - document.getText(range).length,
      offset,
    );
    const renamed = TextDocument.applyEdits(document, [...edits]);
    return { text: renamed, position: this.document(renamed).positionAt(moved) };
  }

  private document(text: string): TextDocument {
    return TextDocument.create(this.uri, 'rnn', 1, text);
  }

  private async timed<Answer>(method: string, answer: Promise<Answer>): Promise<Answer> {
    const asked = performance.now();
    const value = await withinTime(answer, method);
    const took = performance.now() - asked;
    this.tally.add(method, took);
    assert.ok(took < longestMs, `${method} took ${Math.round(took)} ms`);
    return value;
  }
}

function codesOf(diagnostics: readonly Diagnostic[]): readonly unknown[] {
  return diagnostics.map(({ code }) => code);
}

async function withinTime<Answer>(answer: Promise<Answer>, method: string): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const hangs = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${method} is never answered`)), hangsMs);
  });
  try {
    return await Promise.race([answer, hangs]);
  } finally {
    clearTimeout(timer);
  }
}

/** A name that no text has. */
const newName = 'renamed_there';

/** Another place than the cursor's: as good as chance, and the same each time. */
function anywhere(text: string, cursor: number): number {
  return ((cursor + 1) * 7919) % (text.length + 1);
}

/** The name of the last cell that starts before a place. */
function cellAbove(text: string, offset: number): string {
  return [...text.slice(0, offset).matchAll(/\bcell\s+(\w+)/g)].at(-1)?.[1] ?? '';
}
