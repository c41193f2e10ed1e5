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
  EMPTY_SCOPE,
  type LangiumDocument,
  type LocalSymbols,
  MapScope,
  MultiMap,
  type ReferenceInfo,
  type Scope,
  type Stream,
  stream,
} from 'langium';
import {
  Cell,
  DataBlock,
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
  ModelBlock,
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
  /** What is declared in a cell or a file; syntax trees are never changed, only replaced. */
  private readonly declared = new WeakMap<AstNode, ReadonlyMap<string, readonly AstNodeDescription[]>>();

  constructor(services: RnnServices) {
    super(services);
    this.preludeUri = services.prelude.uri;
  }

  override getScope(context: ReferenceInfo): Scope {
    const { container } = context;
    const referenceType = this.reflection.getReferenceType(context);
    const document = AstUtils.getDocument(container);
    const file = document.parseResult.value;
    if (referenceType === Cell.$type) {
      return new Declarations(
        [this.declaredIn(file, document)],
        ({ type }) => type === Cell.$type,
        () => this.getGlobalScope(referenceType, context),
      );
    }
    // `model = small` and `data = wave` name blocks, and nothing else does.
    const wanted = blockNamedBy(container);
    const cell = AstUtils.getContainerOfType(container, isCell);
    const places = [...(cell ? [cell] : []), file].map((place) => this.declaredIn(place, document));
    return new Declarations(places, ({ type }) =>
      wanted === undefined ? !notValues.has(type) : type === wanted,
    );
  }

  private declaredIn(
    place: AstNode,
    { localSymbols }: LangiumDocument,
  ): ReadonlyMap<string, readonly AstNodeDescription[]> {
    const known = this.declared.get(place);
    if (known !== undefined) return known;
    const byName = new Map<string, AstNodeDescription[]>();
    if (localSymbols === undefined) return byName;
    for (const description of localSymbols.getStream(place)) {
      const alike = byName.get(description.name);
      if (alike) alike.push(description);
      else byName.set(description.name, [description]);
    }
    this.declared.set(place, byName);
    return byName;
  }

  protected override getGlobalScope(referenceType: string, { container }: ReferenceInfo): Scope {
    const document = AstUtils.getDocument(container);
    return this.globalScopeCache.get(`${referenceType} ${document.uri}`, () => {
      const visible = new Set([this.preludeUri, ...importsOf(document)]);
      return new MapScope(this.indexManager.allElements(referenceType, visible));
    });
  }
}

/** What is declared around a name, innermost place first, and then what other files hand in. */
class Declarations implements Scope {
  private readonly places: readonly ReadonlyMap<string, readonly AstNodeDescription[]>[];
  private readonly fits: (description: AstNodeDescription) => boolean;
  private readonly others: () => Scope;

  constructor(
    places: Declarations['places'],
    fits: Declarations['fits'],
    others: Declarations['others'] = () => EMPTY_SCOPE,
  ) {
    this.places = places;
    this.fits = fits;
    this.others = others;
  }

  getElement(name: string): AstNodeDescription | undefined {
    for (const place of this.places) {
      const found = place.get(name)?.find(this.fits);
      if (found !== undefined) return found;
    }
    return this.others().getElement(name);
  }

  getElements(name: string): Stream<AstNodeDescription> {
    const found = this.places.flatMap((place) => place.get(name)?.filter(this.fits) ?? []);
    return stream(found).concat(this.others().getElements(name));
  }

  getAllElements(): Stream<AstNodeDescription> {
    const found = this.places.flatMap((place) => [...place.values()].flat().filter(this.fits));
    return stream(found).concat(this.others().getAllElements());
  }
}

/** Declarations that equations and settings cannot name. */
const notValues: ReadonlySet<string> = new Set([Cell.$type, DataBlock.$type, ModelBlock.$type]);

function blockNamedBy(node: AstNode): string | undefined {
  const setting = isNameReference(node) ? node.$container : undefined;
  if (!isSetting(setting) || !isTrainBlock(setting.$container)) return undefined;
  if (setting.key === 'data') return DataBlock.$type;
  return setting.key === 'model' ? ModelBlock.$type : undefined;
}
