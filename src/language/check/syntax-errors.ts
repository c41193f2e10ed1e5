/**
 * Says in words what does not parse. The parser tells where it stopped; the tokens around that place tell what the
 * writer most likely meant. Of several errors in one block the first is told, the others mostly follow from it.
 */
import type { ParseResult } from 'langium';
import { boundMessages } from '../bounded-lexer.ts';
import type { Diagnostic, Fix, SourceRange } from '../checked-model.ts';
import type { DiagnosticCode } from '../diagnostic-codes.ts';
import { type Block, type File, isUnknownBlock } from '../generated/ast.ts';
import { blockNames } from '../vocabulary/blocks.ts';
import { nearestNames, suggest } from './nearest-name.ts';
import { isBlockWord, isName, opensBlock, type Token } from './tokens.ts';

export interface SyntaxReport {
  readonly diagnostics: readonly Diagnostic[];
  /** Whether a block holds an error, so that its tree may have holes. */
  isDamaged(block: Block): boolean;
}

export function reportSyntax(parsed: ParseResult<File>, tokens: readonly Token[], uri: string): SyntaxReport {
  const reader = new SyntaxReader(tokens, uri);
  const problems = [
    ...parsed.lexerErrors.map(({ offset, line = 1, column = 1, message }) =>
      isBoundMessage(message)
        ? reader.beyondBound(message, offset, line, column)
        : reader.strayCharacter(offset, line, column),
    ),
    ...tokens.filter(isUnclosedText).map((token) => reader.unclosedText(token)),
    ...parsed.value.blocks.filter(isUnknownBlock).map((block) => {
      const start = block.$cstNode?.offset ?? 0;
      return reader.unknownBlock(tokens.find((token) => token.startOffset >= start)!);
    }),
    ...parsed.parserErrors.map((error) => reader.parserError(error.token, error.context.ruleStack)),
  ];
  const stops = [
    ...parsed.lexerErrors.map((error) => error.offset),
    ...tokens.filter(isUnclosedText).map((token) => token.startOffset),
    ...parsed.parserErrors.map((error) => reader.offsetBefore(error.token)),
  ];
  const firstOfRegion = new Map<number, Problem>();
  for (const problem of problems) {
    const region = reader.regionAt(problem.offset);
    const known = firstOfRegion.get(region);
    if (known === undefined || problem.offset < known.offset) firstOfRegion.set(region, problem);
  }
  return {
    diagnostics: [...firstOfRegion.values()].map(({ offset: _, ...problem }) => ({
      severity: 'error',
      ...problem,
    })),
    isDamaged: (block) => {
      const node = block.$cstNode;
      // An error after the closing brace lies outside, though the brace is the last token that was parsed.
      const last = node?.text.endsWith('}') ? node.end - 1 : node?.end;
      return !node || stops.some((stop) => node.offset <= stop && stop < last!);
    },
  };
}

interface Problem {
  readonly code: DiagnosticCode;
  readonly message: string;
  /** Where the parser stopped: what comes later in the same block follows from it. */
  readonly offset: number;
  readonly source: SourceRange;
  readonly fix?: Fix;
}

const closing: ReadonlyMap<string, string> = new Map([
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
]);
const valueExpected = new Set(['=', '~', '+', '-', '*', '/', '@', ',', '(', '[', ':']);

export function isUnclosedText(token: Token): boolean {
  return token.tokenType.name === 'STRING' && !/^"(\\.|[^"\\])*"$/.test(token.image);
}

class SyntaxReader {
  private readonly tokens: readonly Token[];
  private readonly uri: string;
  /** Index of the first token of each block, as far as brackets and block words tell. */
  private readonly regions: readonly number[];

  constructor(tokens: readonly Token[], uri: string) {
    this.tokens = tokens;
    this.uri = uri;
    this.regions = this.findRegions();
  }

  private findRegions(): number[] {
    const starts: number[] = [];
    let depth = 0;
    let ended = true;
    for (const [index, token] of this.tokens.entries()) {
      const opens = opensBlock(this.tokens, index);
      if (opens || (ended && isName(token))) {
        starts.push(index);
        depth = 0;
        ended = false;
      }
      if (token.image === '{') depth++;
      if (token.image === '}') {
        depth--;
        ended = depth <= 0;
      }
    }
    return starts;
  }

  /** The block that an offset belongs to; −1 before the first. */
  regionAt(offset: number): number {
    return this.regions.findLastIndex((start) => this.tokens[start]!.startOffset <= offset);
  }

  strayCharacter(offset: number, line: number, column: number): Problem {
    return {
      code: 'stray-character',
      message: 'This character has no meaning here.',
      offset,
      source: this.character(line, column),
    };
  }

  /** What does not parse around the tokens that were left out follows from that, even where it comes before. */
  beyondBound(message: string, offset: number, line: number, column: number): Problem {
    const block = this.tokens[this.regions[this.regionAt(offset)] ?? 0];
    return {
      code: message === boundMessages.long ? 'too-long' : 'too-deep',
      message,
      offset: block?.startOffset ?? 0,
      source: this.character(line, column),
    };
  }

  private character(line: number, column: number): SourceRange {
    const start = { line: line - 1, character: column - 1 };
    const end = { line: line - 1, character: column };
    return { uri: this.uri, start, end };
  }

  unclosedText(token: Token): Problem {
    const message = `This text is not closed: \`"\` is missing.`;
    const problem = this.problem('unclosed-text', message, token.startOffset, token);
    // Brackets at its end mostly belong to what is around the text.
    const brackets = /[\s)\],}]*$/.exec(token.image)![0].length;
    const at = { ...problem.source.end, character: problem.source.end.character - brackets };
    return { ...problem, fix: { kind: 'insert', text: '"', at } };
  }

  unknownBlock(keyword: Token): Problem {
    const texts = nearestNames(keyword.image, blockNames);
    const hint = suggest(texts, blockNames, 'The blocks are');
    const message = `There is no block \`${keyword.image}\`.${hint}`;
    const problem = this.problem('unknown-block', message, keyword.startOffset, keyword);
    return texts.length > 0 ? { ...problem, fix: { kind: 'replace', texts } } : problem;
  }

  parserError(token: Token, ruleStack: readonly string[]): Problem {
    const found = this.indexOf(token);
    // A word that opens a block can pass for a value, so that only what follows it is unexpected.
    const isNextBlock = opensBlock(this.tokens, found - 1) && this.openBrackets(found - 1).length > 0;
    const index = isNextBlock ? found - 1 : found;
    const rule =
      ruleStack.map((name) => name.replace('\u200B', '')).findLast((name) => name in expectation) ?? '';
    return (
      this.topLevel(index) ??
      this.reservedWord(index) ??
      this.missingValue(index) ??
      this.unclosed(index) ??
      this.missingEquals(index) ??
      this.unexpected(index, rule)
    );
  }

  /** The end of the file, after the last token, is a token without a place. */
  private indexOf(token: Token): number {
    const found = this.tokens.findIndex((candidate) => candidate.startOffset === token.startOffset);
    return found < 0 ? this.tokens.length : found;
  }

  /** Where the last token before an unexpected one starts: within the block that was being parsed. */
  offsetBefore(token: Token): number {
    return this.tokens[this.indexOf(token) - 1]?.startOffset ?? 0;
  }

  /** Brackets that are open before a token, outermost first, within its block. */
  private openBrackets(index: number): number[] {
    const start = this.regions.findLast((region) => region < index) ?? 0;
    const open: number[] = [];
    for (let at = start; at < index; at++) {
      const { image } = this.tokens[at]!;
      if (closing.has(image)) open.push(at);
      else if (open.length > 0 && closing.get(this.tokens[open.at(-1)!]!.image) === image) open.pop();
    }
    return open;
  }

  private topLevel(index: number): Problem | undefined {
    const open = this.openBrackets(index);
    if (open.some((at) => this.tokens[at]!.image === '{')) return undefined;
    const token = this.tokens[index];
    const start = this.regions.findLast((region) => region <= index);
    const isInHead =
      start !== undefined && !this.tokens.slice(start, index).some(({ image }) => image === '}');
    if (isInHead && !isBlockWord(this.tokens[start]!.image)) return this.unknownBlock(this.tokens[start]!);
    if (isInHead && start < index) return this.incompleteHead(start, index, open.length > 0);
    if (token?.image === '}') {
      return this.problem('syntax', 'This `}` closes nothing.', token.startOffset, token);
    }
    const found = token ? `\`${token.image}\`` : 'the end of the file';
    const message = `Expected a block, \`data\`, \`cell\`, \`model\` or \`train\`, found ${found}.`;
    return this.problem('syntax', message, this.offset(index), token ?? this.tokens.at(-1));
  }

  /** Before the brace of a block. */
  private incompleteHead(start: number, index: number, inParentheses: boolean): Problem {
    const isUnnamed = this.tokens[start]!.image === 'cell' && index === start + 1;
    const missing = isUnnamed ? 'a name' : inParentheses ? '`)`' : '`{`';
    const message = `Expected ${missing} after \`${this.text(start, index - 1)}\`.`;
    return this.problem('syntax', message, this.offset(index), this.tokens[start], this.tokens[index - 1]);
  }

  private reservedWord(index: number): Problem | undefined {
    const token = this.tokens[index];
    if (!isBlockWord(token?.image) || this.tokens[index + 1]?.image !== '=') return undefined;
    const message = `\`${token!.image}\` is a word of the language; choose another name.`;
    return this.problem('reserved-name', message, token!.startOffset, token);
  }

  private missingValue(index: number): Problem | undefined {
    const token = this.tokens[index];
    const previous = this.tokens[index - 1];
    const before = this.tokens[index - 2];
    // `loss =` and, on the next line, `optimizer = …`: the name was taken for the value.
    const nameTaken =
      token?.image === '=' &&
      isName(previous) &&
      before !== undefined &&
      valueExpected.has(before.image) &&
      before.image !== ',' &&
      before.image !== '(' &&
      previous!.startLine !== before.startLine;
    const at = nameTaken ? index - 2 : index - 1;
    const sign = this.tokens[at];
    if (sign === undefined || !valueExpected.has(sign.image)) return undefined;
    if (!nameTaken && (token === undefined ? false : this.startsValue(token))) return undefined;
    if (sign.image === '(' && token?.image === ')') return undefined;
    const from = isName(this.tokens[at - 1]) ? at - 1 : at;
    const what = sign.image === '[' && isName(this.tokens[at - 1]) ? '`t`, as in `h[t-1]`,' : 'a value';
    const message = `Expected ${what} after \`${this.text(from, at)}\`.`;
    return this.problem('missing-value', message, sign.startOffset, this.tokens[from], sign);
  }

  private startsValue(token: Token): boolean {
    return isName(token) || /^[\d."([-]/.test(token.image);
  }

  private unclosed(index: number): Problem | undefined {
    const open = this.openBrackets(index);
    const innermost = open.at(-1);
    if (innermost === undefined) return undefined;
    const bracket = this.tokens[innermost]!;
    const isBlock = bracket.image === '{';
    if (
      isBlock ? index < this.tokens.length && !opensBlock(this.tokens, index) : this.isClosedLater(innermost)
    )
      return undefined;
    if (isBlock) {
      const head = this.tokens[this.regions.findLast((region) => region < index) ?? 0]!;
      const message = `This \`${head.image}\` block is not closed: \`}\` is missing.`;
      const problem = this.problem('unclosed-block', message, this.offset(index - 1), head);
      return { ...problem, fix: { kind: 'insert', text: '\n}', at: endOf(this.tokens[index - 1]!) } };
    }
    const text = closing.get(bracket.image)!;
    const message = `This \`${bracket.image}\` is not closed: \`${text}\` is missing.`;
    const problem = this.problem('unclosed-bracket', message, this.offset(index - 1), bracket);
    return { ...problem, fix: { kind: 'insert', text, at: endOf(this.tokens[index - 1]!) } };
  }

  private isClosedLater(bracket: number): boolean {
    let depth = 0;
    for (const token of this.tokens.slice(bracket)) {
      if (token.image === '{' || token.image === '}') return false;
      if (token.image === '(' || token.image === '[') depth++;
      if (token.image === ')' || token.image === ']') depth--;
      if (depth === 0) return true;
    }
    return false;
  }

  private missingEquals(index: number): Problem | undefined {
    const previous = this.tokens[index - 1];
    const head = this.tokens[this.regions.findLast((region) => region < index) ?? 0];
    const inBraces = this.openBrackets(index).length === 1;
    if (!inBraces || !isName(previous) || head?.image === 'model') return undefined;
    const before = this.tokens[index - 2]?.image ?? '';
    const afterWord = before === 'output' || before === 'param';
    const isWord =
      previous!.image === 'output' || previous!.image === 'param' || previous!.image === 'initial';
    if (valueExpected.has(before) || afterWord || isWord) return undefined;
    const message = `Expected \`=\` and a value after \`${previous!.image}\`.`;
    return this.problem('missing-value', message, previous!.startOffset, previous);
  }

  private unexpected(index: number, rule: string): Problem {
    const token = this.tokens[index];
    const previous = this.tokens[index - 1];
    const found = token === undefined ? 'the end of the file' : `\`${token.image}\``;
    const after = previous === undefined ? '' : ` after \`${previous.image}\``;
    const message = `Unexpected ${found}${after}${expectation[rule] ?? '.'}`;
    return this.problem('syntax', message, this.offset(index), token ?? previous);
  }

  private offset(index: number): number {
    const token = this.tokens[index];
    return token ? token.startOffset : (this.tokens.at(-1)?.startOffset ?? 0);
  }

  private text(from: number, to: number): string {
    return this.tokens
      .slice(from, to + 1)
      .map((token) => token.image)
      .join(' ')
      .replace(/ ([()[\],])/g, '$1')
      .replace(/([([]) /g, '$1');
  }

  private problem(
    code: DiagnosticCode,
    message: string,
    offset: number,
    from: Token | undefined,
    to = from,
  ): Problem {
    const start = { line: (from?.startLine ?? 1) - 1, character: (from?.startColumn ?? 1) - 1 };
    const end = to === undefined ? start : endOf(to);
    return { code, message, offset, source: { uri: this.uri, start, end } };
  }
}

function endOf({ endLine = 1, endColumn = 0 }: Token): SourceRange['end'] {
  return { line: endLine - 1, character: endColumn };
}

/** What would be right, by the rule that the parser was in. */
const expectation: Readonly<Record<string, string>> = {
  DataBlock: '; expected `key = value` or `}`.',
  TrainBlock: '; expected `key = value` or `}`.',
  ModelBlock: '; expected a layer such as `LSTM(64)`, or `}`.',
  Cell: '; expected `name = expression`, `param`, `initial`, `output` or `}`.',
  Setting: '; expected `key = value`.',
  ParameterStatement: '; a parameter is written `param W : [units, x] ~ glorot`.',
  Parameter: '; expected the name of a parameter.',
  InitialStatement: '; an initial value is written `initial h = 0`.',
  OutputStatement: '; expected the name of a quantity.',
  NameReference: '; an earlier value is written `h[t-1]`.',
  Layer: '; arguments stand in parentheses and are separated by commas.',
  Call: '; arguments stand in parentheses and are separated by commas.',
  List: '; items stand in brackets and are separated by commas.',
};

function isBoundMessage(message: string): boolean {
  return Object.values<string>(boundMessages).includes(message);
}
