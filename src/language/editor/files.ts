/** Files as names in a text ask for them: what is not there, or cannot be read, is none. A text can hold any name. */
import type { FileSystemNode, FileSystemProvider, URI } from 'langium';

export async function isFile(uri: URI, files: FileSystemProvider): Promise<boolean> {
  try {
    return (await files.stat(uri)).isFile;
  } catch {
    return false;
  }
}

/** What is in a folder. */
export async function entriesOf(folder: URI, files: FileSystemProvider): Promise<readonly FileSystemNode[]> {
  try {
    return await files.readDirectory(folder);
  } catch {
    return [];
  }
}
