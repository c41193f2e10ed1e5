/** Whether a tree is without holes, which errors of syntax leave. */
import { type AstNode, AstUtils } from 'langium';
import { reflection } from '../generated/ast.ts';

export function isWhole(node: AstNode): boolean {
  return AstUtils.streamAst(node).every((part) => reflection.isComplete(part));
}
