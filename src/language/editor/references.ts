/**
 * References, found when somebody asks: files are small, and resolving all names at every keystroke would take longer
 * than parsing.
 */
import {
  type AstNode,
  AstUtils,
  type CstNode,
  CstUtils,
  DefaultLinker,
  DefaultReferenceDescriptionProvider,
  DefaultReferences,
  type FindReferencesOptions,
  GrammarUtils,
  type LangiumDocument,
  type ReferenceDescription,
  type Stream,
  stream,
  UriUtils,
} from 'langium';
import { type Argument, type CellArgument, isArgument, isCall, isLayer } from '../generated/ast.ts';
import { forEachReference, nodesOf } from '../walk.ts';

/** A reference resolves itself when it is first followed. */
export class LazyLinker extends DefaultLinker {
  override async link(): Promise<void> {}
}

export class NoReferenceDescriptions extends DefaultReferenceDescriptionProvider {
  override async createDescriptions(): Promise<ReferenceDescription[]> {
    return [];
  }
}

/** Named arguments count: in `LSTM(units = 64)`, `units` refers to the cell's argument. */
export class RnnReferences extends DefaultReferences {
  override findDeclarations(source: CstNode): AstNode[] {
    const node = source.astNode;
    if (!isArgument(node)) return super.findDeclarations(source);
    const declaration = declarationOf(node);
    return declaration ? [declaration] : [];
  }

  override findReferences(target: AstNode, options: FindReferencesOptions): Stream<ReferenceDescription> {
    const found = options.includeDeclaration ? this.getSelfReferences(target) : [];
    const name = this.nameProvider.getName(target);
    if (name === undefined) return stream(found);
    for (const document of this.documents.all) {
      if (options.documentUri && !UriUtils.equals(document.uri, options.documentUri)) continue;
      for (const { node, place } of referencesIn(document, target, name)) {
        found.push(this.describe(document, node, place, target));
      }
    }
    return stream(found);
  }

  private describe(
    document: LangiumDocument,
    node: AstNode,
    place: CstNode,
    target: AstNode,
  ): ReferenceDescription {
    const targetUri = AstUtils.getDocument(target).uri;
    return {
      sourceUri: document.uri,
      sourcePath: this.nodeLocator.getAstNodePath(node),
      targetUri,
      targetPath: this.nodeLocator.getAstNodePath(target),
      segment: CstUtils.toDocumentSegment(place),
      local: UriUtils.equals(document.uri, targetUri),
    };
  }
}

/** Where a file refers to `target`, which is called `name`. */
function referencesIn(document: LangiumDocument, target: AstNode, name: string) {
  const found: { readonly node: AstNode; readonly place: CstNode }[] = [];
  const tree = document.parseResult.value;
  forEachReference(tree, (reference, node) => {
    if (reference.$refText !== name || !reference.$refNode || reference.ref !== target) return;
    found.push({ node, place: reference.$refNode });
  });
  for (const node of nodesOf(tree, isArgument)) {
    const place = node.name === name ? GrammarUtils.findNodeForProperty(node.$cstNode, 'name') : undefined;
    if (place && declarationOf(node) === target) found.push({ node, place });
  }
  return found;
}

/** The cell's argument that a named argument gives a value to, in a layer or in `bidirectional(LSTM(units = 64))`. */
function declarationOf(argument: Argument): CellArgument | undefined {
  const { $container: user, name } = argument;
  const cell = isLayer(user) ? user.type.ref : isCall(user) ? user.function.ref : undefined;
  return name === undefined ? undefined : cell?.arguments.find((candidate) => candidate.name === name);
}
