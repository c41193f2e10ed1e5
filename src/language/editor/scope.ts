/** What names refer to: a cell's arguments, parameters and quantities inside it, cells in their file. */
import {
  type AstNode,
  type AstNodeDescription,
  AstUtils,
  DefaultScopeComputation,
  type LangiumDocument,
  type MultiMap,
} from 'langium';
import { isCell, isCellArgument, isEquation, isParameter } from '../generated/ast.ts';
import type { RnnServices } from './module.ts';

export class RnnScopeComputation extends DefaultScopeComputation {
  private readonly preludeUri: string;

  constructor(services: RnnServices) {
    super(services);
    this.preludeUri = services.prelude.uri;
  }

  /** Only the prelude's cells are seen in other files. */
  protected override addExportedSymbol(
    node: AstNode,
    exports: AstNodeDescription[],
    document: LangiumDocument,
  ): void {
    if (isCell(node) && document.uri.toString() === this.preludeUri)
      super.addExportedSymbol(node, exports, document);
  }

  protected override addLocalSymbol(
    node: AstNode,
    document: LangiumDocument,
    symbols: MultiMap<AstNode, AstNodeDescription>,
  ): void {
    const scope = isCell(node) ? node.$container : scopeOf(node);
    const name = this.nameProvider.getName(node);
    if (scope && name) symbols.add(scope, this.descriptions.createDescription(node, name, document));
  }
}

/** The cell that a declaration is seen in, wherever in it the declaration stands. */
function scopeOf(node: AstNode): AstNode | undefined {
  const isDeclaration = isCellArgument(node) || isParameter(node) || isEquation(node);
  return isDeclaration ? AstUtils.getContainerOfType(node, isCell) : undefined;
}
