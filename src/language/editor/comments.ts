/** The comments that explain a definition: the lines right above it, and the one at the end of its line. */
import type { AstNode } from 'langium';

export function commentOf(node: AstNode): string | undefined {
  const cst = node.$cstNode;
  if (!cst) return undefined;
  const lines = cst.root.fullText.split(/\r?\n/);
  const comments: string[] = [];
  for (let line = cst.range.start.line - 1; line >= 0; line--) {
    const comment = /^\s*#\s?(.*)$/.exec(lines[line]!);
    if (!comment) break;
    comments.unshift(comment[1]!);
  }
  const trailing = /^[^#"]*#\s?(.*)$/.exec(lines[cst.range.end.line]!.slice(cst.range.end.character));
  if (trailing) comments.push(trailing[1]!);
  return comments.length > 0 ? comments.join('\n') : undefined;
}
