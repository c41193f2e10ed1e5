/** Which files can stand where a path is expected. */

export type FileKind = 'text' | 'csv' | 'rnn';

const extensions: Readonly<Record<FileKind, RegExp>> = {
  // Texts have any ending, or none: what is left out is known to be something else.
  text: /^(?!.*\.(rnn|csv|json|zip|gz|png|jpe?g|gif|svg|pdf|exe|vsix|safetensors)$)/i,
  csv: /\.csv$/i,
  rnn: /\.rnn$/i,
};

export function isOfKind(name: string, kind: FileKind): boolean {
  return !name.startsWith('.') && extensions[kind].test(name);
}

/** The kind of file that `text("…")` and `csv("…")` name. */
export function filesOf(called: string | undefined): FileKind | undefined {
  return called === 'text' || called === 'csv' ? called : undefined;
}
