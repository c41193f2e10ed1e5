/** The lines of a cell that are not equations, by the word that they start with. */
export const statements = {
  param: 'Declares parameters with their shape and how they start.',
  initial: 'The value of a state before the first time step; 0 where it is not said.',
  output: 'The quantity that the cell hands on.',
} as const;

export function isStatementWord(word: string): word is keyof typeof statements {
  return Object.hasOwn(statements, word);
}
