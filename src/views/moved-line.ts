/**
 * Where a line of an earlier text stands in a later one, both counted from 0: above the first line that differs it stays,
 * below it moves by the lines that were added or taken away there. A line that is gone leads to where it was.
 */
export function movedLine(line: number, earlier: string, later: string): number {
  const before = earlier.split('\n');
  const after = later.split('\n');
  const firstChanged = before.findIndex((text, index) => text !== after[index]);
  if (firstChanged < 0 || line < firstChanged) return line;
  return Math.min(after.length - 1, Math.max(firstChanged, line + after.length - before.length));
}
