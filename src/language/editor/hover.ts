/** Hover: what the word under the cursor means, with its definition and shape. */
import { type AstNode, AstUtils, type CstNode, CstUtils, GrammarUtils, type LangiumDocument } from 'langium';
import type { HoverProvider } from 'langium/lsp';
import type { Hover, HoverParams } from 'vscode-languageserver';
import {
  type Argument,
  type Call,
  type Cell,
  type File,
  isArgument,
  isCall,
  isCell,
  isDataBlock,
  isLayer,
  isNameReference,
  isParameterStatement,
  isSetting,
  isTrainBlock,
  type Layer,
  type NameReference,
} from '../generated/ast.ts';
import { blocks } from '../vocabulary/blocks.ts';
import { functions, inputName, isFunctionName } from '../vocabulary/functions.ts';
import { initialisers } from '../vocabulary/initialisers.ts';
import {
  type BlockName,
  defaultText,
  type Key,
  type Option,
  type OptionParameter,
} from '../vocabulary/kinds.ts';
import { findLayer } from '../vocabulary/layers.ts';
import { isStatementWord, statements } from '../vocabulary/statements.ts';
import { describeCell, describeDeclaration, describeInput } from './describe.ts';
import type { RnnServices } from './module.ts';

export class RnnHoverProvider implements HoverProvider {
  private readonly services: RnnServices;

  constructor(services: RnnServices) {
    this.services = services;
  }

  getHoverContent(document: LangiumDocument, { position }: HoverParams): Hover | undefined {
    const offset = document.textDocument.offsetAt(position);
    const leaf = CstUtils.findDeclarationNodeAtOffset(document.parseResult.value.$cstNode, offset);
    const value = leaf && this.describe(leaf, document as LangiumDocument<File>);
    return value ? { contents: { kind: 'markdown', value }, range: leaf.range } : undefined;
  }

  private describe(leaf: CstNode, document: LangiumDocument<File>): string | undefined {
    const node = leaf.astNode;
    const property = GrammarUtils.findAssignment(leaf)?.feature;
    switch (node.$type) {
      case 'DataBlock':
      case 'ModelBlock':
      case 'TrainBlock':
        return property === 'keyword' ? blocks[leaf.text as BlockName].documentation : undefined;
      case 'Cell':
        return property === 'keyword'
          ? blocks.cell.documentation
          : property === 'name'
            ? describeCell(node as Cell)
            : undefined;
      case 'ParameterStatement':
      case 'InitialStatement':
      case 'OutputStatement':
        return isStatementWord(leaf.text) && property === undefined
          ? statements[leaf.text]
          : this.describeName(node, property, leaf, document);
      case 'Setting':
        return property === 'key' ? describeKey(keyOf(node)) : undefined;
      case 'Layer':
        return property === 'type' ? this.describeLayer(node as Layer, document) : undefined;
      case 'Argument':
        return property === 'name' ? this.describeArgument(node as Argument, leaf, document) : undefined;
      case 'Call':
        return property === 'function' ? describeCall(node as Call) : undefined;
      default:
        return this.describeName(node, property, leaf, document);
    }
  }

  private describeLayer(layer: Layer, document: LangiumDocument<File>): string | undefined {
    const cell = layer.type.ref;
    const builtIn = findLayer(layer.type.$refText);
    const description = cell ? describeCell(cell) : builtIn && describeOption(builtIn);
    const start = layer.$cstNode?.range.start;
    const checked = [...this.services.checks.of(document).layers.values()]
      .flat()
      .find(({ source }) => source.start.line === start?.line && source.start.character === start.character);
    if (description === undefined || checked === undefined) return description;
    return `${description}\n\nHere: ${checked.inputSize} → ${checked.outputSize} units.`;
  }

  private describeArgument(
    argument: Argument,
    leaf: CstNode,
    document: LangiumDocument<File>,
  ): string | undefined {
    const parent = argument.$container;
    if (isLayer(parent) && !findLayer(parent.type.$refText)) {
      const [declaration] = this.services.references.References.findDeclarations(leaf);
      return declaration && describeDeclaration(declaration, this.services.checks, document);
    }
    const option = isCall(parent) ? optionOf(parent) : findLayer(parent.type.$refText);
    return describeParameter(option?.parameters.find((parameter) => parameter.name === argument.name));
  }

  private describeName(
    node: AstNode,
    property: string | undefined,
    leaf: CstNode,
    document: LangiumDocument<File>,
  ): string | undefined {
    if (isNameReference(node) && property === 'time') return '`t`: the present time step.';
    const [declaration] = this.services.references.References.findDeclarations(leaf);
    if (declaration) return describeDeclaration(declaration, this.services.checks, document);
    if (!isNameReference(node) || property !== 'reference') return undefined;
    if (AstUtils.getContainerOfType(node, isSetting)) return describeOption(optionOf(node));
    if (isParameterStatement(node.$container) && node.$containerProperty === 'initialiser') {
      return describeOption(initialisers.find(({ name }) => name === leaf.text));
    }
    const cell = AstUtils.getContainerOfType(node, isCell);
    return cell && leaf.text === inputName ? describeInput(cell, this.services.checks, document) : undefined;
  }
}

function keyOf(node: AstNode): Key | undefined {
  const setting = AstUtils.getContainerOfType(node, isSetting);
  const block = setting?.$container;
  if (!isDataBlock(block) && !isTrainBlock(block)) return undefined;
  return blocks[block.keyword].keys.find((key) => key.name === setting?.key);
}

/** The option that stands as a setting's value or as an initialiser. */
function optionOf(node: Call | NameReference): Option | undefined {
  const name = isCall(node) ? node.function.$refText : node.reference.$refText;
  if (isParameterStatement(node.$container)) return initialisers.find((option) => option.name === name);
  const value = isSetting(node.$container) || isArgument(node.$container) ? keyOf(node)?.value : undefined;
  return value?.kind === 'choice' ? value.options.find((option) => option.name === name) : undefined;
}

function describeCall(call: Call): string | undefined {
  if (AstUtils.getContainerOfType(call, isCell) && !isParameterStatement(call.$container)) {
    const name = call.function.$refText;
    if (!isFunctionName(name)) return undefined;
    return `${functions[name].meaning}\n\nDerivative: ${functions[name].derivative}`;
  }
  return describeOption(optionOf(call));
}

function describeKey(key: Key | undefined): string | undefined {
  if (key === undefined) return undefined;
  const lines = [key.documentation];
  if (key.value.kind === 'choice') {
    lines.push(
      key.value.options.map((option) => `- \`${option.example}\`: ${option.documentation}`).join('\n'),
    );
  }
  lines.push(`For example \`${key.name} = ${key.example}\`.`);
  if (key.default !== undefined) lines.push(`Default: \`${defaultText(key.default)}\`.`);
  return lines.join('\n\n');
}

function describeOption(option: Option | undefined): string | undefined {
  if (option === undefined) return undefined;
  const parameters = option.parameters.map((parameter) => `- ${describeParameter(parameter)}`).join('\n');
  return [`\`${option.example}\``, option.documentation, parameters]
    .filter((part) => part !== '')
    .join('\n\n');
}

function describeParameter(parameter: OptionParameter | undefined): string | undefined {
  if (parameter === undefined) return undefined;
  const byDefault = parameter.default === undefined ? '' : ` Default: \`${defaultText(parameter.default)}\`.`;
  return `\`${parameter.name}\`: ${parameter.documentation}${byDefault}`;
}
