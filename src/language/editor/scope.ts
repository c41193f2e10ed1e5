/**
 * What names refer to: a cell's arguments, parameters and quantities inside it; constants, blocks and cells in their
 * file; the cells of the prelude and of imported files.
 */
import {
  type AstNode,
  type AstNodeDescription,
  AstUtils,
  DefaultScopeComputation,
  DefaultScopeProvider,
  type LangiumDocument,
  type LocalSymbols,
  MapScope,
  MultiMap,
  type ReferenceInfo,
  type Scope,
} from 'langium';
import {
  isCell,
  isCellArgument,
  isConstant,
  isDataBlock,
  isEquation,
  isModelBlock,
  isNameReference,
  isParameter,
  isSetting,
  isTrainBlock,
} from '../generated/ast.ts';
import { walk } from '../walk.ts';
import { importsOf } from './imports.ts';
import type { RnnServices } from './module.ts';

export class RnnScopeComputation extends DefaultScopeComputation {
  override async collectLocalSymbols(document: LangiumDocument): Promise<LocalSymbols> {
    const symbols = new MultiMap<AstNode, AstNodeDescription>();
    walk(document.parseResult.value, (node) => this.addLocalSymbol(node, document, symbols));
    return symbols;
  }

  /** Cells alone are seen in other files. */
  protected override addExportedSymbol(
    node: AstNode,
    exports: AstNodeDescription[],
    document: LangiumDocument,
  ): void {
    if (isCell(node)) super.addExportedSymbol(node, exports, document);
  }

  protected override addLocalSymbol(
    node: AstNode,
    document: LangiumDocument,
    symbols: MultiMap<AstNode, AstNodeDescription>,
  ): void {
    const isOfFile = isCell(node) || isConstant(node) || isDataBlock(node) || isModelBlock(node);
    const scope = isOfFile ? node.$container : scopeOf(node);
    const name = this.nameProvider.getName(node);
    if (scope && name) symbols.add(scope, this.descriptions.createDescription(node, name, document));
  }
}

/** The cell that a declaration is seen in, wherever in it the declaration stands. */
function scopeOf(node: AstNode): AstNode | undefined {
  const isDeclaration = isCellArgument(node) || isParameter(node) || isEquation(node);
  return isDeclaration ? AstUtils.getContainerOfType(node, isCell) : undefined;
}

export class RnnScopeProvider extends DefaultScopeProvider {
  private readonly preludeUri: string;

  constructor(services: RnnServices) {
    super(services);
    this.preludeUri = services.prelude.uri;
  }

  /** `model = small` and `data = wave` name blocks, and nothing else does. */
  override getScope(context: ReferenceInfo): Scope {
    const kind = blockNamedBy(context.container);
    const scope = super.getScope(context);
    const fits = ({ type }: AstNodeDescription) =>
      kind === undefined ? type !== 'DataBlock' && type !== 'ModelBlock' : type === kind;
    return {
      getElement: (name) => scope.getElements(name).find(fits),
      getElements: (name) => scope.getElements(name).filter(fits),
      getAllElements: () => scope.getAllElements().filter(fits),
    };
  }

  protected override getGlobalScope(referenceType: string, { container }: ReferenceInfo): Scope {
    const document = AstUtils.getDocument(container);
    return this.globalScopeCache.get(`${referenceType} ${document.uri}`, () => {
      const visible = new Set([this.preludeUri, ...importsOf(document)]);
      return new MapScope(this.indexManager.allElements(referenceType, visible));
    });
  }
}

function blockNamedBy(node: AstNode): 'DataBlock' | 'ModelBlock' | undefined {
  const setting = isNameReference(node) ? node.$container : undefined;
  if (!isSetting(setting) || !isTrainBlock(setting.$container)) return undefined;
  if (setting.key === 'data') return 'DataBlock';
  return setting.key === 'model' ? 'ModelBlock' : undefined;
}
