/** What is said where a data file is missing, by the editor as one types and by the engine when a run starts. */
export function missingDataFile(path: string): string {
  return `There is no file "${path}": data files are looked for from the folder of the .rnn file.`;
}
