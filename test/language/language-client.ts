/** Speaks to the language server over a pipe, as an editor does. */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import {
  type CompletionItem,
  type CompletionList,
  createProtocolConnection,
  type Diagnostic,
  type DocumentSymbol,
  type FoldingRange,
  type Hover,
  type InitializeResult,
  type Location,
  type LocationLink,
  type MarkupContent,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
  type Range,
  StreamMessageReader,
  StreamMessageWriter,
  type WorkspaceEdit,
  type WorkspaceSymbol,
} from 'vscode-languageserver/node';

const serverPath = fileURLToPath(new URL('../../src/server/process.ts', import.meta.url));
const preludePath = fileURLToPath(new URL('../../src/language/prelude.rnn', import.meta.url));
const pagesPath = fileURLToPath(new URL('../../docs/diagnostics', import.meta.url));

export class LanguageClient {
  readonly capabilities: InitializeResult['capabilities'];
  readonly processId: number;
  private readonly connection: ProtocolConnection;
  private readonly stop: () => void;
  /** What the server has written for nobody to read: it should be nothing. */
  complaint = '';
  private readonly versions = new Map<string, number>();
  /** Who waits for the next diagnostics, by file. */
  private readonly waiting = new Map<string, ((diagnostics: Diagnostic[]) => void)[]>();

  private constructor(
    connection: ProtocolConnection,
    capabilities: InitializeResult['capabilities'],
    child: ChildProcess,
  ) {
    this.connection = connection;
    this.capabilities = capabilities;
    this.processId = child.pid!;
    this.stop = () => child.kill();
    child.stderr!.on('data', (chunk: Buffer) => {
      this.complaint += chunk;
      process.stderr.write(chunk);
    });
    connection.onNotification('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) => {
      const waiting = this.waiting.get(params.uri) ?? [];
      this.waiting.delete(params.uri);
      for (const receive of waiting) receive(params.diagnostics);
    });
  }

  /** Starts the server from its sources, or the program that is given. */
  static async start(program = serverPath): Promise<LanguageClient> {
    const child = spawn(process.execPath, [program, preludePath, pagesPath, '--stdio'], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const connection = createProtocolConnection(
      new StreamMessageReader(child.stdout),
      new StreamMessageWriter(child.stdin),
    );
    connection.listen();
    const { capabilities } = await connection.sendRequest<InitializeResult>('initialize', {
      processId: process.pid,
      rootUri: null,
      capabilities: {},
      workspaceFolders: null,
    });
    const client = new LanguageClient(connection, capabilities, child);
    await connection.sendNotification('initialized', {});
    return client;
  }

  async close(): Promise<void> {
    await this.connection.sendRequest('shutdown');
    await this.connection.sendNotification('exit');
    this.kill();
  }

  /** Ends a server that may not answer any more. */
  kill(): void {
    this.connection.dispose();
    this.stop();
  }

  /** Opens a file, or replaces its text, and waits for the diagnostics of that text. */
  async write(uri: string, text: string): Promise<Diagnostic[]> {
    const diagnostics = this.nextDiagnostics(uri);
    const version = (this.versions.get(uri) ?? 0) + 1;
    this.versions.set(uri, version);
    if (version === 1) {
      await this.connection.sendNotification('textDocument/didOpen', {
        textDocument: { uri, languageId: 'rnn', version, text },
      });
    } else {
      await this.connection.sendNotification('textDocument/didChange', {
        textDocument: { uri, version },
        contentChanges: [{ text }],
      });
    }
    return diagnostics;
  }

  /** Types over a stretch of a file, and waits for the diagnostics of the new text. */
  edit(uri: string, range: Range, text: string): Promise<Diagnostic[]> {
    return this.change(uri, [{ range, text }]);
  }

  /** Makes edits of a file, one after the other, and waits for the diagnostics of the new text. */
  async change(
    uri: string,
    contentChanges: readonly { readonly range: Range; readonly text: string }[],
  ): Promise<Diagnostic[]> {
    const diagnostics = this.nextDiagnostics(uri);
    const version = (this.versions.get(uri) ?? 0) + 1;
    this.versions.set(uri, version);
    await this.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version },
      contentChanges,
    });
    return diagnostics;
  }

  /** The diagnostics of a file that come next. */
  nextDiagnostics(uri: string): Promise<Diagnostic[]> {
    return new Promise((receive) => {
      this.waiting.set(uri, [...(this.waiting.get(uri) ?? []), receive]);
    });
  }

  async fileChanged(uri: string): Promise<void> {
    await this.connection.sendNotification('workspace/didChangeWatchedFiles', {
      changes: [{ uri, type: 1 }],
    });
  }

  async complete(uri: string, position: object, context?: object): Promise<readonly CompletionItem[]> {
    const list = await this.request<CompletionList>('completion', uri, { position, context });
    return list?.items ?? [];
  }

  async hover(uri: string, position: object): Promise<string | undefined> {
    const hover = await this.request<Hover>('hover', uri, { position });
    return (hover?.contents as MarkupContent | undefined)?.value;
  }

  definition(uri: string, position: object) {
    return this.request<LocationLink[]>('definition', uri, { position });
  }

  references(uri: string, position: object) {
    return this.request<Location[]>('references', uri, { position, context: { includeDeclaration: true } });
  }

  rename(uri: string, position: object, newName: string) {
    return this.request<WorkspaceEdit>('rename', uri, { position, newName });
  }

  /** A request that is not of the Language Server Protocol. */
  ask<Answer>(method: string, question: object): Promise<Answer> {
    return this.connection.sendRequest(method, question);
  }

  symbols(uri: string) {
    return this.request<DocumentSymbol[]>('documentSymbol', uri, {});
  }

  folds(uri: string) {
    return this.request<FoldingRange[]>('foldingRange', uri, {});
  }

  workspaceSymbols(query: string): Promise<WorkspaceSymbol[]> {
    return this.connection.sendRequest('workspace/symbol', { query });
  }

  request<Result>(method: string, uri: string, params: object): Promise<Result | null> {
    return this.connection.sendRequest(`textDocument/${method}`, { textDocument: { uri }, ...params });
  }
}
