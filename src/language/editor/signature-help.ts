/** Signature help: what a function, cell, layer or value takes, while its arguments are written. Told from tokens. */
import type { LangiumDocument, Lexer, LexerResult } from 'langium';
import type { SignatureHelpProvider } from 'langium/lsp';
import type {
  ParameterInformation,
  SignatureHelp,
  SignatureHelpOptions,
  SignatureHelpParams,
} from 'vscode-languageserver';
import { foldedText } from '../check/reporter.ts';
import type { File } from '../generated/ast.ts';
import { blocks } from '../vocabulary/blocks.ts';
import { functions, isFunctionName, parameterText } from '../vocabulary/functions.ts';
import { initialisers } from '../vocabulary/initialisers.ts';
import { defaultText, type Option, type OptionParameter } from '../vocabulary/kinds.ts';
import { findLayer, recurrentDropout } from '../vocabulary/layers.ts';
import { commentOf } from './comments.ts';
import { ownSignatures } from './completion/cell-signatures.ts';
import { endOf } from './completion/cursor.ts';
import { TokenReader } from './completion/token-reader.ts';
import type { FileChecks } from './file-checks.ts';
import type { RnnServices } from './module.ts';

interface Signature {
  readonly name: string;
  readonly documentation: string | undefined;
  readonly parameters: readonly SignatureParameter[];
}

interface SignatureParameter {
  readonly name: string;
  /** As the signature shows it: `slope = 0.01`. */
  readonly text: string;
  readonly documentation: string | undefined;
  readonly isRepeated?: true | undefined;
}

export class RnnSignatureHelpProvider implements SignatureHelpProvider {
  private readonly lexer: Lexer;
  private readonly checks: FileChecks;

  constructor(services: RnnServices) {
    this.lexer = services.parser.Lexer;
    this.checks = services.checks;
  }

  readonly signatureHelpOptions: SignatureHelpOptions = {
    triggerCharacters: ['(', ','],
    retriggerCharacters: ['=', ')'],
  };

  provideSignatureHelp(
    document: LangiumDocument,
    { position }: SignatureHelpParams,
  ): SignatureHelp | undefined {
    const { textDocument } = document;
    const offset = textDocument.offsetAt(position);
    const text = textDocument.getText();
    const lexed = this.lexer.tokenize(text);
    if (isInComment(lexed, offset)) return undefined;
    const index = lexed.tokens.findIndex(({ startOffset }) => startOffset >= offset);
    const reader = new TokenReader(lexed.tokens, index < 0 ? lexed.tokens.length : index);
    const bracket = callBracket(reader);
    if (bracket === undefined) return undefined;
    const cellNamed = (name: string): Signature | undefined =>
      ownCell(name, reader, lexed, text) ?? this.foreignCell(name, document as LangiumDocument<File>);
    const signature = signatureAt(reader, bracket, cellNamed);
    return signature && toProtocol(signature, activeParameter(reader, bracket, signature));
  }

  private foreignCell(name: string, document: LangiumDocument<File>): Signature | undefined {
    const imported = [...this.checks.importedCells(document).values()];
    const definition = [...imported, this.checks.preludeCells()].flatMap(
      (cells) => cells?.get(name) ?? [],
    )[0];
    if (definition === undefined) return undefined;
    const texts = [...definition.arguments.values()].map((argument) => foldedText(argument));
    return cellSignature(name, texts, commentOf(definition.node));
  }
}

function isInComment({ hidden }: LexerResult, offset: number): boolean {
  return hidden.some(
    (token) => token.tokenType.name === 'COMMENT' && token.startOffset < offset && offset <= endOf(token),
  );
}

/** The parenthesis of the call that the cursor is in; not that of a definition. */
function callBracket(reader: TokenReader): number | undefined {
  const { open, head } = reader;
  const bracket = open.findLast((at) => reader.image(at) !== '[');
  if (bracket === undefined || reader.image(bracket) !== '(') return undefined;
  const isDefinition = bracket === head + 2;
  return isDefinition || !reader.isNameAt(bracket - 1) ? undefined : bracket;
}

function signatureAt(
  reader: TokenReader,
  bracket: number,
  cellNamed: (name: string) => Signature | undefined,
): Signature | undefined {
  const name = reader.image(bracket - 1)!;
  const block = reader.image(reader.head);
  switch (block) {
    case 'cell': {
      if (reader.image(bracket - 2) !== '~') return functionSignature(name);
      return optionSignature(initialisers.find((option) => option.name === name));
    }
    case 'model':
      return cellNamed(name) ?? optionSignature(findLayer(name));
    case 'data':
    case 'train': {
      const values = blocks[block].keys.map(({ value }) => value);
      const options = values.flatMap((value) => (value.kind === 'choice' ? value.options : []));
      return optionSignature(options.find((option) => option.name === name));
    }
    default:
      return undefined;
  }
}

function functionSignature(name: string): Signature | undefined {
  if (!isFunctionName(name)) return undefined;
  const { meaning, derivative, parameters } = functions[name];
  return {
    name,
    documentation: `${meaning}\n\n${derivative}`,
    parameters: parameters.map((parameter) => ({
      name: parameter.name,
      text: parameterText(parameter),
      documentation: parameter.documentation,
      isRepeated: parameter.repeated,
    })),
  };
}

function optionSignature(option: Option | undefined): Signature | undefined {
  if (option === undefined) return undefined;
  const { name, documentation, parameters } = option;
  return { name, documentation, parameters: parameters.map(optionParameter) };
}

function optionParameter(parameter: OptionParameter): SignatureParameter {
  const { name, documentation, default: byDefault, optional } = parameter;
  const text =
    byDefault === undefined ? `${name}${optional ? '?' : ''}` : `${name} = ${defaultText(byDefault)}`;
  return { name, text, documentation };
}

/** A cell of the file that is being typed, by its head as written. */
function ownCell(name: string, reader: TokenReader, lexed: LexerResult, text: string): Signature | undefined {
  const head = reader.headsOf('cell').find((at) => reader.nameOf(at) === name);
  if (head === undefined) return undefined;
  const { documentation } = ownSignatures(reader, lexed.hidden).find((cell) => cell.name === name)!;
  return cellSignature(name, headTexts(reader, head, text), documentation);
}

/** The arguments in a cell's head: `units`, `forget_bias = 1`. */
function headTexts({ tokens }: TokenReader, head: number, text: string): readonly string[] {
  if (tokens[head + 2]?.image !== '(') return [];
  const texts: string[] = [];
  let depth = 0;
  let first = head + 3;
  for (let at = head + 2; at < tokens.length && tokens[at]!.image !== '{'; at++) {
    const { image } = tokens[at]!;
    if (image === '(' || image === '[') depth++;
    if (image === ')' || image === ']') depth--;
    const isEnd = (image === ',' && depth === 1) || depth === 0;
    if (isEnd && first < at) {
      texts.push(text.slice(tokens[first]!.startOffset, endOf(tokens[at - 1]!)).replace(/\s+/g, ' '));
    }
    if (isEnd) first = at + 1;
    if (depth === 0) break;
  }
  return texts;
}

function cellSignature(name: string, texts: readonly string[], documentation: string | undefined): Signature {
  const declared = texts.map((text) => ({ name: /^\w*/.exec(text)![0], text, documentation: undefined }));
  const isOwn = declared.some((parameter) => parameter.name === recurrentDropout.name);
  return {
    name,
    documentation,
    parameters: isOwn ? declared : [...declared, optionParameter(recurrentDropout)],
  };
}

/** The parameter that the argument at the cursor is for: by its name, else by its place, else the first that is free. */
function activeParameter(reader: TokenReader, bracket: number, { parameters }: Signature): number {
  const depth = reader.depth(bracket) + 1;
  const starts = [bracket + 1];
  for (let at = bracket + 1; at < reader.index; at++) {
    if (reader.image(at) === ',' && reader.depth(at) === depth) starts.push(at + 1);
  }
  const names = starts.map((at) => (reader.image(at + 1) === '=' ? reader.image(at) : undefined));
  const current = names.pop();
  if (current !== undefined) return parameters.findIndex(({ name }) => name === current);
  if (names.every((name) => name === undefined)) {
    const last = parameters.length - 1;
    return parameters[last]?.isRepeated ? Math.min(names.length, last) : names.length;
  }
  const given = names.map((name, index) => name ?? parameters[index]?.name);
  return parameters.findIndex(({ name }) => !given.includes(name));
}

/** @param active out of range: no parameter is highlighted */
function toProtocol({ name, documentation, parameters }: Signature, active: number): SignatureHelp {
  let label = `${name}(`;
  const information: ParameterInformation[] = [];
  for (const [index, { text, documentation: about }] of parameters.entries()) {
    if (index > 0) label += ', ';
    const place: [number, number] = [label.length, label.length + text.length];
    information.push({ label: place, ...(about && { documentation: { kind: 'markdown', value: about } }) });
    label += text;
  }
  label += ')';
  const activeParameter = active < 0 ? parameters.length : active;
  return {
    signatures: [
      {
        label,
        parameters: information,
        ...(documentation && { documentation: { kind: 'markdown', value: documentation } }),
      },
    ],
    activeSignature: 0,
    activeParameter,
  };
}
