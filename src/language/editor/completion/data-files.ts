/** Files beside the one that is being written, and the columns of a table among them. */
import { open } from 'node:fs/promises';
import { CsvError, parse } from 'csv-parse/sync';
import { type FileSystemProvider, type URI, UriUtils } from 'langium';
import { CompletionItemKind } from 'vscode-languageserver';
import { entriesOf, isFile } from '../files.ts';
import { type FileKind, isOfKind } from './file-kinds.ts';
import { escapeSnippet, type Proposal } from './proposal.ts';

/**
 * Folders, then files of a kind.
 * @param folder that the path starts from
 * @param written the path so far, `data/ca`
 * @param self the file that is being written, which does not import itself
 */
export async function pathProposals(
  folder: URI,
  written: string,
  kind: FileKind,
  self: URI,
  files: FileSystemProvider,
): Promise<readonly Proposal[]> {
  const inFolder = UriUtils.resolvePath(folder, written.slice(0, written.lastIndexOf('/') + 1));
  const entries = await entriesOf(inFolder, files);
  if (entries.length === 0) return [];
  const nameOf = ({ uri }: { readonly uri: URI }) => UriUtils.basename(uri);
  const folders = entries.filter((entry) => entry.isDirectory && !/^(\.|node_modules$)/.test(nameOf(entry)));
  const found = entries.filter(
    (entry) => entry.isFile && isOfKind(nameOf(entry), kind) && !UriUtils.equals(entry.uri, self),
  );
  return [
    ...found.map(nameOf).sort().map(fileProposal),
    ...folders.map(nameOf).sort().map(folderProposal),
    folderProposal('..'),
  ];
}

/** Names of the files of a kind in a folder. */
export async function filesIn(
  folder: URI,
  kind: FileKind,
  files: FileSystemProvider,
): Promise<readonly string[]> {
  const entries = await entriesOf(folder, files);
  const names = entries.filter((entry) => entry.isFile).map(({ uri }) => UriUtils.basename(uri));
  return names.filter((name) => isOfKind(name, kind)).sort();
}

function fileProposal(name: string): Proposal {
  return { label: name, kind: CompletionItemKind.File, text: escapeSnippet(name) };
}

function folderProposal(name: string): Proposal {
  const label = `${name}/`;
  return { label, kind: CompletionItemKind.Folder, text: escapeSnippet(label), thenSuggest: true };
}

/** As much of a table as names its columns. */
const headerBytes = 64 * 1024;

/** The columns of a CSV file, from its first line; none where there is no such file. */
export async function columnsOf(file: URI, files: FileSystemProvider): Promise<readonly string[]> {
  if (file.scheme !== 'file' || !(await isFile(file, files))) return [];
  try {
    const header = firstLine(await readStart(file.fsPath));
    const [columns = []] = parse(header, { bom: true, trim: true, relax_column_count: true }) as string[][];
    return columns.filter((column) => column !== '');
  } catch (error) {
    // A header that is cut off or not a header, or one that may not be read: that is told when the table is read.
    if (error instanceof CsvError || (error instanceof Error && 'syscall' in error)) return [];
    throw error;
  }
}

/** Tables can be larger than memory: no more is read than is needed. */
async function readStart(path: string): Promise<string> {
  const handle = await open(path);
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(headerBytes), 0, headerBytes, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}

function firstLine(text: string): string {
  return /^\s*([^\r\n]*)/.exec(text.replace(/^\uFEFF/, ''))![1]!;
}

export function columnProposals(columns: readonly string[], used: ReadonlySet<string>): readonly Proposal[] {
  return columns
    .filter((column) => !used.has(column))
    .map((column) => ({
      label: column,
      kind: CompletionItemKind.Field,
      detail: 'column',
      text: escapeSnippet(column),
    }));
}
