/** Pieces of hover texts. */
import type { AstNode } from 'langium';
import type { EquationLine } from '../../equation-texts.ts';
import { commentOf } from '../comments.ts';

/** The language's own code, in its colours. */
export function code(text: string): string {
  return `\`\`\`rnn\n${text}\n\`\`\``;
}

/** Paragraphs; those that are not there are left out. */
export function paragraphs(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join('\n\n');
}

/** A comment's lines as they were broken, and with nothing in them that Markdown would take for its own. */
export function comment(node: AstNode): string | undefined {
  return commentOf(node)?.replace(/[\\`*_[\]<>]/g, '\\$&');
}

/** Wider than this a hover would break lines itself. */
const widestLine = 76;

/** Equations in a block of their own; further summands follow on the same line where they fit. */
export function equationBlock(lines: readonly EquationLine[]): string | undefined {
  if (lines.length === 0) return undefined;
  const texts = equationsIn(lines).map((equation) => {
    const joined = equation.map(({ text }) => text.trim()).join(' ');
    return joined.length <= widestLine ? joined : equation.map(({ text }) => text).join('\n');
  });
  return `\`\`\`text\n${texts.join('\n')}\n\`\`\``;
}

/** Each with its further summands. */
export function equationsIn(lines: readonly EquationLine[]): EquationLine[][] {
  const equations: EquationLine[][] = [];
  for (const line of lines) {
    if (line.text.startsWith(' ')) equations.at(-1)!.push(line);
    else equations.push([line]);
  }
  return equations;
}
