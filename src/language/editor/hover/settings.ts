/** Hover texts of keys, values, arguments and initialisers: what the vocabulary says. */
import { type AstNode, AstUtils } from 'langium';
import {
  type Call,
  isArgument,
  isCall,
  isDataBlock,
  isParameterStatement,
  isSetting,
  isTrainBlock,
  type NameReference,
} from '../../generated/ast.ts';
import { blocks } from '../../vocabulary/blocks.ts';
import { initialisers } from '../../vocabulary/initialisers.ts';
import { defaultText, type Key, type Option, type OptionParameter } from '../../vocabulary/kinds.ts';
import { paragraphs } from './markdown.ts';

export function keyOf(node: AstNode): Key | undefined {
  const setting = AstUtils.getContainerOfType(node, isSetting);
  const block = setting?.$container;
  if (!isDataBlock(block) && !isTrainBlock(block)) return undefined;
  return blocks[block.keyword].keys.find((key) => key.name === setting?.key);
}

/** The option that stands as a setting's value or as an initialiser. */
export function optionOf(node: Call | NameReference): Option | undefined {
  const name = isCall(node) ? node.function.$refText : node.reference.$refText;
  if (isParameterStatement(node.$container)) return initialisers.find((option) => option.name === name);
  const value = isSetting(node.$container) || isArgument(node.$container) ? keyOf(node)?.value : undefined;
  return value?.kind === 'choice' ? value.options.find((option) => option.name === name) : undefined;
}

export function describeKey(key: Key | undefined): string | undefined {
  if (key === undefined) return undefined;
  const { value, documentation, name, example } = key;
  const options =
    value.kind === 'choice'
      ? value.options.map((option) => `- \`${option.example}\`: ${option.documentation}`).join('\n')
      : undefined;
  const byDefault = key.default === undefined ? undefined : `Default: \`${defaultText(key.default)}\`.`;
  return paragraphs(documentation, options, `For example \`${name} = ${example}\`.`, byDefault);
}

export function describeOption(option: Option | undefined): string | undefined {
  if (option === undefined) return undefined;
  const parameters = option.parameters.map((parameter) => `- ${describeParameter(parameter)}`).join('\n');
  return paragraphs(`\`${option.example}\``, option.documentation, parameters);
}

export function describeParameter(parameter: OptionParameter | undefined): string | undefined {
  if (parameter === undefined) return undefined;
  const byDefault = parameter.default === undefined ? '' : ` Default: \`${defaultText(parameter.default)}\`.`;
  return `\`${parameter.name}\`: ${parameter.documentation}${byDefault}`;
}
