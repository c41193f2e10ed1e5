/** What completion offers in equations and sizes, ordered by what fits the shape that is wanted there. */
import { CompletionItemKind } from 'vscode-languageserver';
import { initialWords } from '../../check/initial-state.ts';
import { type Sizes, showSizes } from '../../check/shape-texts.ts';
import {
  type FunctionParameter,
  functions,
  inputName,
  signatureOf,
  type WrittenFunction,
} from '../../vocabulary/functions.ts';
import type { HoleShapes } from './hole.ts';
import type { CellNames, CompletionPlace } from './place.ts';
import { named, type Proposal } from './proposal.ts';
import { argumentProposal, constantProposals } from './setting-proposals.ts';

type ExpressionPlace = Extract<CompletionPlace, { kind: 'expression' }>;
/** Lower fits better. */
interface Ranked {
  readonly rank: number;
  readonly proposal: Proposal;
}

const ranks = { wanted: 0, state: 1, may: 2, unknown: 3, function: 4, unlikely: 5 } as const;

/** @param shapes undefined where the cell cannot be read: then names come in order of appearance */
export function expressionProposals(
  { names, file, call }: ExpressionPlace,
  shapes: HoleShapes | undefined,
): readonly Proposal[] {
  const ranked: readonly Ranked[] = [
    ...quantities(names, shapes),
    rankedName(inputProposal, shapes?.names.get(inputName), shapes, ranks.wanted),
    ...parameters(names, shapes),
    ...named(names.arguments, CompletionItemKind.Variable, 'argument').map(scalar),
    ...constantProposals(file).map(scalar),
    ...functionNames.map((name) => ({ rank: ranks.function, proposal: functionProposal(name) })),
  ];
  const ordered = [...ranked].sort((one, other) => one.rank - other.rank).map(({ proposal }) => proposal);
  return [...ordered, ...(call ? argumentNames(call.name, call.used) : [])];
}

function scalar(proposal: Proposal): Ranked {
  return { rank: ranks.function, proposal };
}

/** Each now and one step ago; what reads itself now would be a circle. */
function quantities(names: CellNames, shapes: HoleShapes | undefined): readonly Ranked[] {
  const states = names.quantities.some((name) => name === (names.output ?? 'h')) ? [] : [names.output ?? 'h'];
  return [...names.quantities, ...states].flatMap((name) => {
    const isPending = !names.quantities.includes(name);
    const now: Proposal = { label: name, kind: CompletionItemKind.Variable, detail: 'quantity, now' };
    const before: Proposal = {
      label: `${name}[t-1]`,
      kind: CompletionItemKind.Variable,
      detail: isPending ? 'one time step ago; its equation is still to be written' : 'one time step ago',
    };
    const isState = name === (names.output ?? 'h');
    const units = shapes?.units;
    const pending: Sizes | undefined = isPending && units !== undefined ? [units] : undefined;
    const shape = shapes?.names.get(name) ?? pending;
    const rankedBefore = rankedName(before, shape, shapes, isState ? ranks.wanted : ranks.state);
    if (isPending || name === names.defined) return [rankedBefore];
    const rankedNow = rankedName(now, shape, shapes, ranks.wanted);
    // A recurrent matrix mostly reads the state.
    const isRecurrent = shapes?.side === 'rightOfProduct' && shapes.expected?.[0] !== inputName;
    return isRecurrent ? [rankedBefore, rankedNow] : [rankedNow, rankedBefore];
  });
}

function rankedName(
  proposal: Proposal,
  shape: Sizes | undefined,
  shapes: HoleShapes | undefined,
  fitting: number,
): Ranked {
  const detail = [proposal.detail, ...(shape ? [showSizes(shape)] : [])].join(' ');
  return { rank: rankOf(shape, shapes, fitting), proposal: { ...proposal, detail } };
}

function rankOf(shape: Sizes | undefined, shapes: HoleShapes | undefined, fitting: number): number {
  const expected = shapes?.expected;
  if (expected === undefined || shapes?.side === 'leftOfProduct') return ranks.unknown;
  if (shape === undefined) return ranks.unknown;
  if (shape.length === 0) return shapes?.side === 'rightOfProduct' ? ranks.unlikely : ranks.may;
  return shape[0] === expected[0] ? fitting : ranks.unlikely;
}

/** Vectors as they are, matrices with the product that they can only stand in. */
function parameters(names: CellNames, shapes: HoleShapes | undefined): readonly Ranked[] {
  return names.parameters.map((name) => {
    const shape = shapes?.names.get(name);
    const detail = shape ? `parameter ${showSizes(shape)}` : 'parameter';
    const proposal = { label: name, kind: CompletionItemKind.Field, detail };
    const ranked =
      shapes && shape?.length === 2
        ? rankedMatrix(proposal, shape, shapes)
        : // A matrix mostly multiplies a quantity.
          {
            rank: rankOf(shape, shapes, shapes?.side === 'rightOfProduct' ? ranks.may : ranks.wanted),
            proposal,
          };
    return { ...ranked, rank: ranked.rank - preference(name, names) };
  });
}

/** Of parameters that fit alike: those that nothing reads yet, and of these the ones of this equation, as `W_z` of `z`. */
function preference(name: string, { read, defined }: CellNames): number {
  if (read.has(name)) return 0;
  return name.endsWith(`_${defined}`) ? 0.5 : 0.25;
}

function rankedMatrix(proposal: Proposal, [rows, columns]: Sizes, { expected, side }: HoleShapes): Ranked {
  if (side === 'leftOfProduct') {
    const fits = expected?.[0] === rows && expected?.[1] === columns;
    return { rank: expected === undefined ? ranks.unknown : fits ? ranks.wanted : ranks.unlikely, proposal };
  }
  const product: Proposal = { ...proposal, text: `${proposal.label} @ `, thenSuggest: true };
  if (expected === undefined) return { rank: ranks.unknown, proposal: product };
  if (expected[0] !== rows) return { rank: ranks.unlikely, proposal: product };
  return { rank: side === 'rightOfProduct' ? ranks.may : ranks.wanted, proposal: product };
}

const functionNames = Object.keys(functions) as WrittenFunction[];

function functionProposal(name: WrittenFunction): Proposal {
  const { meaning, derivative, parameters } = functions[name];
  const given = parameters.filter((parameter) => !parameter.optional && parameter.default === undefined);
  const text = given.map((parameter, index) => placeOf(parameter, index + 1)).join(', ');
  return {
    label: name,
    kind: CompletionItemKind.Function,
    detail: signatureOf(name),
    documentation: `${meaning}\n\n${derivative}`,
    text: `${name}(${text})`,
    thenSuggest: true,
  };
}

/** Values are chosen from what there is; a number starts at its least. */
function placeOf({ value }: FunctionParameter, index: number): string {
  return value.kind === 'number' ? `\${${index}:${Math.max(2, value.atLeast ?? 0)}}` : `$${index}`;
}

/** Arguments that are mostly given by name. */
function argumentNames(name: WrittenFunction, used: ReadonlySet<string>): readonly Proposal[] {
  return (
    functions[name].parameters
      .filter((parameter) => parameter.value.kind === 'number' && !used.has(parameter.name))
      .map(({ name: parameter, documentation, default: byDefault }) =>
        argumentProposal({ name: parameter, documentation, example: `${byDefault ?? 2}` }),
      )
      // The cell may have an argument of that name.
      .map((proposal) => ({ ...proposal, label: `${proposal.label} =` }))
  );
}

const inputProposal: Proposal = {
  label: inputName,
  kind: CompletionItemKind.Variable,
  detail: 'input',
  documentation: 'What the layer below hands on; in a shape, its width.',
};

/** Sizes in shapes, and numbers that parameters and states start at. */
export function constantValueProposals({
  names,
  file,
  isInitial,
}: Extract<CompletionPlace, { kind: 'constant' }>): readonly Proposal[] {
  const ofCell = [
    ...named(names.arguments, CompletionItemKind.Variable, 'argument'),
    ...constantProposals(file),
  ];
  if (!isInitial) return [inputProposal, ...ofCell];
  const trained = named(names.parameters, CompletionItemKind.Field, 'parameter: the start is trained');
  const words = named(Object.keys(initialWords), CompletionItemKind.Value, 'for all units');
  return [...trained, ...words, ...ofCell];
}
