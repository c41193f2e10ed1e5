/** Writes a file the way somebody does who takes completions: at a cursor, filling in the places of snippets. */
import assert from 'node:assert/strict';
import type { CompletionItem, Diagnostic, Position } from 'vscode-languageserver';
import type { LanguageClient } from '../language-client.ts';

export class Typist {
  text = '';
  private cursor = 0;
  private readonly client: LanguageClient;
  private readonly uri: string;

  private constructor(client: LanguageClient, uri: string) {
    this.client = client;
    this.uri = uri;
  }

  static async open(client: LanguageClient, uri: string): Promise<Typist> {
    const typist = new Typist(client, uri);
    await typist.diagnostics();
    return typist;
  }

  diagnostics(): Promise<readonly Diagnostic[]> {
    return this.client.write(this.uri, this.text);
  }

  async type(text: string): Promise<void> {
    this.text = this.text.slice(0, this.cursor) + text + this.text.slice(this.cursor);
    this.cursor += text.length;
    await this.diagnostics();
  }

  /** A new line with the indentation of this one, after what follows the cursor in it. */
  async line(): Promise<void> {
    const lineEnd = this.text.indexOf('\n', this.cursor);
    this.cursor = lineEnd < 0 ? this.text.length : lineEnd;
    await this.type(`\n${this.indentation()}`);
  }

  /** The end of the file, a free line below. */
  async end(): Promise<void> {
    this.cursor = this.text.length;
    await this.type('\n\n');
  }

  /** Right after the first `text` that follows the last `from`. */
  async into(text: string, from: string): Promise<void> {
    this.cursor = this.text.indexOf(text, this.text.lastIndexOf(from)) + text.length;
  }

  /** @param filled what is typed into places, by what stands there */
  async take(label: string, filled: Readonly<Record<string, string>> = {}): Promise<void> {
    const items = await this.client.complete(this.uri, this.positionAt(this.cursor), { triggerKind: 1 });
    const item = items.find((candidate) => candidate.label === label);
    assert.ok(item, `${label} in ${items.map((candidate) => candidate.label)} of\n${this.text}`);
    const edit = item.textEdit as Extract<CompletionItem['textEdit'], { range: unknown }>;
    const start = this.offsetAt(edit.range.start);
    const { text, cursor } = fillIn(edit.newText.replaceAll('\n', `\n${this.indentation()}`), filled);
    this.text = this.text.slice(0, start) + text + this.text.slice(this.cursor);
    this.cursor = start + cursor;
    await this.diagnostics();
  }

  private indentation(): string {
    const line = this.text.slice(0, this.cursor).split('\n').at(-1)!;
    return /^ */.exec(line)![0];
  }

  private positionAt(offset: number): Position {
    const lines = this.text.slice(0, offset).split('\n');
    return { line: lines.length - 1, character: lines.at(-1)!.length };
  }

  private offsetAt({ line, character }: Position): number {
    const before = this.text.split('\n').slice(0, line);
    return before.reduce((sum, { length }) => sum + length + 1, 0) + character;
  }
}

/** A snippet with its places filled in; the cursor is at the first empty place, else at the end. */
function fillIn(snippet: string, filled: Readonly<Record<string, string>>) {
  const texts = new Map<string, string>();
  const named = snippet.replace(/\$\{(\d+):([^}]*)\}/g, (_, index: string, text: string) => {
    const typed = filled[text] ?? text.replace(/\$(\d+)/g, (__, other: string) => texts.get(other) ?? '');
    texts.set(index, typed);
    return typed;
  });
  const escaped = named.replace(/\\([\\$}])/g, '$1');
  const repeated = escaped.replace(/\$(\d+)/g, (place, index: string) => texts.get(index) ?? place);
  const cursor = repeated.search(/\$\d/);
  const text = repeated.replace(/\$\d+/g, '');
  return { text, cursor: cursor < 0 ? text.length : cursor };
}
