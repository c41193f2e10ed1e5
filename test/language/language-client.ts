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
  private readonly versions = new Map<string, number>();
  private readonly published: PublishDiagnosticsParams[] = [];
  private waiting: (() => void)[] = [];

  private constructor(
    connection: ProtocolConnection,
    capabilities: InitializeResult['capabilities'],
    child: ChildProcess,
  ) {
    this.connection = connection;
    this.capabilities = capabilities;
    this.processId = child.pid!;
    this.stop = () => child.kill();
    connection.onNotification('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) => {
      this.published.push(params);
      for (const wake of this.waiting.splice(0)) wake();
    });
  }

  /** Starts the server from its sources, or the program that is given. */
  static async start(program = serverPath): Promise<LanguageClient> {
    const child = spawn(process.execPath, [program, preludePath, pagesPath, '--stdio'], {
      stdio: ['pipe', 'pipe', 'inherit'],
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
    this.connection.dispose();
    this.stop();
  }

  /** Opens a file, or replaces its text, and waits for the diagnostics of that text. */
  async write(uri: string, text: string): Promise<Diagnostic[]> {
    const seen = this.published.length;
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
    return this.nextDiagnostics(uri, seen);
  }

  /** Types over a stretch of a file, and waits for the diagnostics of the new text. */
  async edit(uri: string, range: Range, text: string): Promise<Diagnostic[]> {
    const seen = this.published.length;
    const version = (this.versions.get(uri) ?? 0) + 1;
    this.versions.set(uri, version);
    await this.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version },
      contentChanges: [{ range, text }],
    });
    return this.nextDiagnostics(uri, seen);
  }

  /** Diagnostics of a file that come after the first `seen` ones. */
  async nextDiagnostics(uri: string, seen = this.published.length): Promise<Diagnostic[]> {
    for (;;) {
      const found = this.published.slice(seen).find((params) => params.uri === uri);
      if (found) return found.diagnostics;
      await new Promise<void>((wake) => this.waiting.push(wake));
    }
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
