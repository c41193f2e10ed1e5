/**
 * Colours for what only the syntax tree tells: which names are cells, arguments, parameters, quantities. Words, numbers
 * and signs are left to the TextMate grammar, which agrees with these colours so that nothing flickers.
 */
import type { AstNode, LangiumDocument } from 'langium';
import {
  AbstractSemanticTokenProvider,
  type SemanticTokenAcceptor,
  SemanticTokensBuilder,
} from 'langium/lsp';
import {
  type Range,
  SemanticTokenModifiers,
  type SemanticTokens,
  type SemanticTokensParams,
  type SemanticTokensRangeParams,
  SemanticTokenTypes,
} from 'vscode-languageserver';
import { type Call, isCell, type Layer, type NameReference } from '../generated/ast.ts';
import { blocks } from '../vocabulary/blocks.ts';
import { isFunctionName } from '../vocabulary/functions.ts';
import { initialisers } from '../vocabulary/initialisers.ts';
import type { Option, ValueKind } from '../vocabulary/kinds.ts';
import { findLayer, layers } from '../vocabulary/layers.ts';
import { walk } from '../walk.ts';

const { declaration, defaultLibrary } = SemanticTokenModifiers;

interface TokenKind {
  readonly type: SemanticTokenTypes;
  readonly modifier?: SemanticTokenModifiers;
}

const cellToken: TokenKind = { type: SemanticTokenTypes.class };
const libraryToken: TokenKind = { type: SemanticTokenTypes.function, modifier: defaultLibrary };

/** What a name is, by what declares it. */
const declarations: Readonly<Record<string, SemanticTokenTypes>> = {
  Cell: SemanticTokenTypes.class,
  CellArgument: SemanticTokenTypes.parameter,
  Parameter: SemanticTokenTypes.property,
  Equation: SemanticTokenTypes.variable,
  Constant: SemanticTokenTypes.variable,
  DataBlock: SemanticTokenTypes.namespace,
  ModelBlock: SemanticTokenTypes.namespace,
  TrainBlock: SemanticTokenTypes.namespace,
};

export class RnnSemanticTokenProvider extends AbstractSemanticTokenProvider {
  override async semanticHighlight(
    document: LangiumDocument,
    _: SemanticTokensParams,
  ): Promise<SemanticTokens> {
    return this.highlight(document);
  }

  override async semanticHighlightRange(
    document: LangiumDocument,
    { range }: SemanticTokensRangeParams,
  ): Promise<SemanticTokens> {
    return this.highlight(document, range);
  }

  /** In one go: Langium collects the tokens in fields, and those of requests that overlap in time would mix. */
  private highlight(document: LangiumDocument, range?: Range): SemanticTokens {
    const builder = new SemanticTokensBuilder();
    this.currentDocument = document;
    this.currentTokensBuilder = builder;
    if (range) this.currentRange = range;
    else delete this.currentRange;
    const acceptor = this.createAcceptor();
    walk(document.parseResult.value, (node) => this.highlightElement(node, acceptor));
    return builder.build();
  }

  protected override highlightElement(node: AstNode, acceptor: SemanticTokenAcceptor): void {
    const accept = (property: string, kind: TokenKind | undefined): void => {
      // Langium types properties by the node's type, which is known one call further out.
      if (kind) acceptor<AstNode>({ node, property: property as keyof AstNode, ...kind });
    };
    const declared = declarations[node.$type];
    if (declared) accept('name', { type: declared, modifier: declaration });
    switch (node.$type) {
      case 'Setting':
        return accept('key', { type: SemanticTokenTypes.property });
      case 'Argument':
        return accept('name', { type: SemanticTokenTypes.parameter });
      case 'Layer':
        return accept('type', layerToken(node as Layer));
      case 'Call':
        return accept('function', callToken(node as Call));
      case 'NameReference':
        return accept('reference', referenceToken(node as NameReference));
      case 'InitialStatement':
      case 'OutputStatement':
        return accept('quantity', { type: SemanticTokenTypes.variable });
    }
  }
}

function layerToken({ type }: Layer): TokenKind | undefined {
  if (isCell(type?.ref)) return cellToken;
  return findLayer(type?.$refText) ? libraryToken : undefined;
}

function callToken({ function: called }: Call): TokenKind | undefined {
  if (isCell(called?.ref)) return cellToken;
  return isFunctionName(called?.$refText) || optionNames.has(called?.$refText) ? libraryToken : undefined;
}

function referenceToken({ reference }: NameReference): TokenKind | undefined {
  const type = reference?.ref && declarations[reference.ref.$type];
  if (type) return { type };
  return optionNames.has(reference?.$refText) ? { type: SemanticTokenTypes.enumMember } : undefined;
}

/** Words that keys, layers and `~` take as values. */
export const optionNames: ReadonlySet<string> = new Set([
  ...initialisers.map(({ name }) => name),
  ...Object.values(blocks).flatMap(({ keys }) => keys.flatMap(({ value }) => optionsIn(value))),
  ...layers.flatMap(optionsInParameters),
]);

function optionsIn(value: ValueKind): readonly string[] {
  if (value.kind !== 'choice') return [];
  return value.options.flatMap((option) => [option.name, ...optionsInParameters(option)]);
}

function optionsInParameters({ parameters }: Option): readonly string[] {
  return parameters.flatMap(({ value }) => optionsIn(value));
}
