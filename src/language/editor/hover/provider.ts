/** Hover: what stands under the cursor, with its meaning, shape and equations. */
import { type AstNode, AstUtils, type CstNode, CstUtils, GrammarUtils, type LangiumDocument } from 'langium';
import type { HoverProvider } from 'langium/lsp';
import type { Hover, HoverParams } from 'vscode-languageserver';
import { countParameters, showCount } from '../../check/parameter-counts.ts';
import {
  type Argument,
  type Call,
  type File,
  type Import,
  isBinary,
  isCall,
  isCell,
  isDeclaration,
  isImport,
  isInitialStatement,
  isLayer,
  isModelBlock,
  isNameReference,
  isNegation,
  isOutputStatement,
  isParameterStatement,
  isSetting,
  type Layer,
  type NameReference,
  type ParameterStatement,
} from '../../generated/ast.ts';
import { blocks } from '../../vocabulary/blocks.ts';
import { inputName, isFunctionName } from '../../vocabulary/functions.ts';
import type { BlockName } from '../../vocabulary/kinds.ts';
import { findLayer, recurrentDropout } from '../../vocabulary/layers.ts';
import { isStatementWord, statements } from '../../vocabulary/statements.ts';
import { specsOf } from '../model-layers.ts';
import type { RnnServices } from '../module.ts';
import { paragraphs } from './markdown.ts';
import { NameHover } from './names.ts';
import { describeDelay, describeNegation, OperationHover } from './operations.ts';
import { describeKey, describeOption, describeParameter, keyOf, optionOf } from './settings.ts';

export class RnnHoverProvider implements HoverProvider {
  private readonly services: RnnServices;

  constructor(services: RnnServices) {
    this.services = services;
  }

  getHoverContent(document: LangiumDocument, { position }: HoverParams): Hover | undefined {
    const offset = document.textDocument.offsetAt(position);
    for (const leaf of leavesAt(document.parseResult.value.$cstNode, offset)) {
      const value = new HoverText(leaf, document as LangiumDocument<File>, this.services).describe();
      if (value) return { contents: { kind: 'markdown', value }, range: leaf.range };
    }
    return undefined;
  }
}

/** What stands at an offset, then the word that ends there. */
function leavesAt(root: CstNode | undefined, offset: number): readonly CstNode[] {
  if (root === undefined) return [];
  const leaf = CstUtils.findLeafNodeAtOffset(root, offset);
  const word = CstUtils.findDeclarationNodeAtOffset(root, offset);
  return [leaf, word].filter((found) => found !== undefined);
}

class HoverText {
  private readonly leaf: CstNode;
  /** What the leaf says of its node; undefined for words and signs of the grammar. */
  private readonly property: string | undefined;
  private readonly document: LangiumDocument<File>;
  private readonly services: RnnServices;
  private readonly names: NameHover;
  private readonly operations: OperationHover;

  constructor(leaf: CstNode, document: LangiumDocument<File>, services: RnnServices) {
    this.leaf = leaf;
    this.property = GrammarUtils.findAssignment(leaf)?.feature;
    this.document = document;
    this.services = services;
    this.names = new NameHover(services, document);
    this.operations = new OperationHover(services, document);
  }

  describe(): string | undefined {
    const { leaf, property } = this;
    const node: AstNode = leaf.astNode;
    if (property === 'keyword') return blocks[leaf.text as BlockName]?.documentation;
    if (isImport(node)) return this.imported(node);
    if (isStatement(node) && property === undefined) return this.statementWord();
    if (isSetting(node) && property === 'key') return describeKey(keyOf(node));
    if (isLayer(node)) return property === 'type' ? this.layer(node) : undefined;
    if (node.$type === 'Argument' && property === 'name') return this.argument(node as Argument);
    if (isCall(node)) return property === 'function' ? this.call(node) : undefined;
    if (isBinary(node) && property === 'operator') return this.operations.binary(node);
    if (isNegation(node) && leaf.text === '-') return describeNegation();
    if (isNameReference(node) && property !== 'reference') return describeDelay(node);
    return this.name(node);
  }

  private statementWord(): string | undefined {
    const { text } = this.leaf;
    if (isStatementWord(text)) return statements[text];
    return text === '~' ? startsAtRandom : undefined;
  }

  private imported({ path }: Import): string | undefined {
    const cells = this.services.checks.importedCells(this.document).get(path);
    if (cells === undefined) return undefined;
    const names = [...cells.keys()].map((name) => `\`${name}\``);
    return names.length > 0 ? `Cells of "${path}": ${names.join(', ')}.` : `"${path}" has no cells.`;
  }

  private layer(layer: Layer): string | undefined {
    const cell = layer.type.ref;
    const builtIn = findLayer(layer.type.$refText);
    return paragraphs(cell ? this.names.cell(cell) : describeOption(builtIn), this.layerHere(layer));
  }

  /** `Here: 65 → 64 units, 33,280 parameters.` */
  private layerHere(layer: Layer): string | undefined {
    const model = AstUtils.getContainerOfType(layer, isModelBlock);
    const layers = model && this.services.checks.of(this.document).layers.get(model);
    const specs = layers && specsOf(layer, layers);
    const [first, last] = [specs?.[0], specs?.at(-1)];
    if (specs === undefined || first === undefined || last === undefined) return undefined;
    const count = countParameters(specs);
    const learnt = count === 0 ? 'nothing to learn' : `${showCount(count)} parameters`;
    return `Here: ${first.inputSize} → ${last.outputSize} units, ${learnt}.`;
  }

  private argument(argument: Argument): string | undefined {
    const parent = argument.$container;
    const called = isCall(parent) ? parent.function : parent.type;
    if (called.ref) {
      const own = called.ref.arguments.find(({ name }) => name === argument.name);
      if (own) return this.names.declaration(own);
      return argument.name === recurrentDropout.name ? describeParameter(recurrentDropout) : undefined;
    }
    const option = isCall(parent) ? optionOf(parent) : findLayer(parent.type.$refText);
    return describeParameter(option?.parameters.find((parameter) => parameter.name === argument.name));
  }

  private call(call: Call): string | undefined {
    const cell = call.function.ref;
    if (cell) return this.names.cell(cell);
    const name = call.function.$refText;
    const isInEquation = AstUtils.getContainerOfType(call, isCell) && !isParameterStatement(call.$container);
    if (!isInEquation) return describeOption(optionOf(call));
    return isFunctionName(name) ? this.operations.call(call, name) : undefined;
  }

  private name(node: AstNode): string | undefined {
    const [declaration] = this.services.references.References.findDeclarations(this.leaf);
    if (isDeclaration(declaration) || isCell(declaration)) return this.names.declaration(declaration);
    return isNameReference(node) ? this.undeclared(node) : undefined;
  }

  /** A value, an initialiser, or the input. */
  private undeclared(reference: NameReference): string | undefined {
    if (AstUtils.getContainerOfType(reference, isSetting)) return describeOption(optionOf(reference));
    if (isParameterStatement(reference.$container) && reference.$containerProperty === 'initialiser') {
      return describeOption(optionOf(reference));
    }
    const cell = AstUtils.getContainerOfType(reference, isCell);
    return cell && this.leaf.text === inputName ? this.names.input(cell) : undefined;
  }
}

function isStatement(node: AstNode): node is ParameterStatement {
  return isParameterStatement(node) || isInitialStatement(node) || isOutputStatement(node);
}

const startsAtRandom =
  '`~` says how a parameter starts at random, drawn anew for each `seed`; `= 0` starts all of its numbers as 0.';
