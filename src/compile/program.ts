/**
 * Programs: what a checked model is compiled to. A layer's forward program is a straight list of instructions that
 * computes its values of time step t from its input, its parameters and values of earlier steps. Its adjoint program,
 * run for t = T…1, computes from the adjoint of its output the adjoint of everything else. Batch is implicit: a value
 * of size n is `[B, n]` at one time step and `[T, B, n]` over an iteration.
 */
import type {
  ElementwiseFunction,
  Initialiser,
  InitialState,
  SourceRange,
} from '../language/checked-model.ts';

/** A value `delay` time steps ago; at t − delay ≤ 0 it is what the value is initially. */
export interface ValueReference {
  readonly kind: 'value';
  readonly name: string;
  readonly delay: number;
}

/** The adjoint ∂L/∂value at t − delay. */
export interface AdjointReference {
  readonly kind: 'adjoint';
  readonly name: string;
  readonly delay: number;
}

export interface ParameterReference {
  readonly kind: 'parameter';
  readonly name: string;
}

export interface Constant {
  readonly kind: 'constant';
  readonly value: number;
  /** What the source calls it. */
  readonly name?: string | undefined;
}

export type Operand = ValueReference | AdjointReference | ParameterReference | Constant;

export type ElementwiseOperator = 'add' | 'subtract' | 'multiply' | 'divide' | 'max' | 'min';

/** Functions that are instructions; all others of the language are made up of these and of operators. */
export type PrimitiveFunction = ElementwiseFunction | 'softmax';

/** Data of the iteration: 0 in a share of the entries, chosen by chance, and 1 / (1 − rate) in the others. */
export interface Mask {
  readonly kind: 'mask';
  /** The share, in [0, 1). */
  readonly rate: number;
  /** Drawn anew at every time step, or once for all of them. */
  readonly each: 'step' | 'sequence';
}

export type Operation =
  /** W @ v, or Wᵀ @ v. */
  | {
      readonly kind: 'product';
      readonly matrix: string;
      readonly transposed: boolean;
      readonly operand: Operand;
    }
  | { readonly kind: ElementwiseOperator; readonly left: Operand; readonly right: Operand }
  | { readonly kind: 'negate' | 'copy'; readonly operand: Operand }
  | { readonly kind: 'function'; readonly name: PrimitiveFunction; readonly operand: Operand }
  /** δ ⊙ f′(input), where output = f(input) is at hand. For softmax: p ⊙ (δ − Σ δ ⊙ p). */
  | {
      readonly kind: 'derivative';
      readonly name: PrimitiveFunction;
      readonly adjoint: Operand;
      readonly input: Operand;
      readonly output: Operand;
    }
  /** δ where left ≥ right, or where left > right, and 0 elsewhere: the adjoint of max and min. */
  | {
      readonly kind: 'where';
      readonly adjoint: Operand;
      readonly comparison: Comparison;
      readonly left: Operand;
      readonly right: Operand;
    }
  /** Σ over the units: [B, n] → [B, 1], also the adjoint of broadcasting a scalar. */
  | { readonly kind: 'sumUnits'; readonly operand: Operand }
  /** The operand of the time step that is as far from the end as this one is from the beginning, t′ = T + 1 − t. */
  | { readonly kind: 'reverse'; readonly operand: Operand }
  /** The operands' units end to end. */
  | { readonly kind: 'concat'; readonly operands: readonly Operand[] }
  /** `size` units of the operand, those from `first` on, which counts from 0: also the adjoint of concat. */
  | { readonly kind: 'slice'; readonly operand: Operand; readonly first: number; readonly size: number }
  /** `size` units, which from `first` on are those of the operand and 0 beside them: the adjoint of slice. */
  | { readonly kind: 'pad'; readonly operand: Operand; readonly first: number; readonly size: number }
  /** The input tokens of this step as unit vectors. */
  | { readonly kind: 'onehot'; readonly size: number }
  /** The rows of an embedding `[vocabulary, n]` for the input tokens of this step. */
  | { readonly kind: 'lookup'; readonly table: string }
  /** The input numbers of this step. */
  | { readonly kind: 'numbers' }
  | Mask
  /** −log softmax(logits)[target], per sample: [B, 1]. */
  | { readonly kind: 'crossEntropy'; readonly logits: Operand }
  /** ∂L/∂logits = (softmax(logits) − onehot(target)) / (T·B). */
  | { readonly kind: 'crossEntropyGradient'; readonly logits: Operand }
  /** Mean over the outputs of (prediction − target)², per sample: [B, 1]. */
  | { readonly kind: 'squaredError'; readonly prediction: Operand }
  /** ∂L/∂prediction = 2 (prediction − target) / (T·B·n). */
  | { readonly kind: 'squaredErrorGradient'; readonly prediction: Operand };

export type Comparison = 'atLeast' | 'above';

export interface Instruction {
  readonly out: ValueReference | AdjointReference;
  /** Adds to what `out` holds already (nothing counts as 0) instead of replacing it. */
  readonly accumulate: boolean;
  readonly operation: Operation;
  /** The source from which this instruction was derived. */
  readonly source: SourceRange;
}

/** Run once per iteration, after the adjoint program has passed t = 1: one product over all time steps and samples. */
export type GradientInstruction = {
  readonly parameter: string;
  readonly accumulate: boolean;
  readonly source: SourceRange;
} & (
  | {
      /** Σ_t Σ_b δ_t ⊗ v_t: the gradient of W in W @ v. */
      readonly kind: 'outer';
      readonly adjoint: AdjointReference;
      readonly operand: Operand;
    }
  /** Σ_t Σ_b δ_t */
  | { readonly kind: 'sum'; readonly adjoint: AdjointReference }
  /** Σ_b of δ_t over all t ≤ 0, and over its units where the parameter is a scalar: what a state is initially. */
  | { readonly kind: 'initial'; readonly adjoint: AdjointReference }
  /** Adds δ_t to the row of each sample's token. */
  | { readonly kind: 'lookup'; readonly adjoint: AdjointReference }
);

export type InitialGradient = Extract<GradientInstruction, { kind: 'initial' }>;

export interface Parameter {
  readonly name: string;
  /** `[]`, `[n]` or `[m, n]`. */
  readonly shape: readonly number[];
  readonly initialiser: Initialiser;
  readonly source: SourceRange;
  /** The id of the layer whose parameter it is, where a layer uses another one's: both add to its gradient. */
  readonly owner?: string;
}

/** What a layer calls a parameter, with the layer whose parameter it is. */
export function findParameter(
  { id, parameters }: Pick<LayerProgram, 'id' | 'parameters'>,
  name: string,
): Parameter & { readonly owner: string } {
  const found = parameters.find((each) => each.name === name);
  if (found === undefined) throw new Error(`Layer ${id} has no parameter ${name}.`);
  return { owner: id, ...found };
}

export type ValueRole = 'input' | 'gate' | 'state' | 'preActivation' | 'value' | 'intermediate';

export interface Value {
  readonly name: string;
  readonly size: number;
  /** `intermediate`: a part of an equation that the source gives no name. */
  readonly role: ValueRole;
  /** Its definition as written. */
  readonly equation: string;
  readonly source: SourceRange;
  /** What a read before the first time step yields. */
  readonly initial: InitialState;
}

/** What everything is before the first time step that has no `initial` of its own. */
export const initiallyZero: InitialState = { kind: 'constant', value: 0 };

export type LayerKind =
  | 'numbers'
  | 'onehot'
  | 'embed'
  | 'cell'
  | 'dense'
  | 'layer_norm'
  | 'tie'
  | 'residual'
  | 'last'
  | 'mean'
  | 'bidirectional'
  | 'reversal'
  | 'dropout'
  | 'softmax'
  | 'linear'
  | 'loss';

export interface LayerProgram {
  /** `layers.0`, `layers.1`, … for recurrent cells; others by their kind, numbered where it recurs. */
  readonly id: string;
  readonly label: string;
  readonly kind: LayerKind;
  readonly source: SourceRange;
  /** The layers that this one reads, by what it calls their outputs: one array, two names. None where data enters. */
  readonly inputs: ReadonlyMap<string, string>;
  /** It is a cell, it has parameters, or so does a layer that it reads: of what is data alone no adjoint is of use. */
  readonly isDifferentiated: boolean;
  /** Above pooling a layer runs at t = T alone. */
  readonly steps: 'all' | 'last';
  /** Its time runs backward: its t is the sequence's T + 1 − t. */
  readonly reversed: boolean;
  readonly values: ReadonlyMap<string, Value>;
  readonly output: string;
  readonly parameters: readonly Parameter[];
  readonly forward: readonly Instruction[];
  readonly adjoint: readonly Instruction[];
  readonly gradients: readonly GradientInstruction[];
  /** Sizes of the adjoints that are no value's own, by name. */
  readonly temporaries: ReadonlyMap<string, number>;
}

/** Values that are recorded in a trace and shown: everything that has a name of its own. */
export function namedValues(layer: LayerProgram): Value[] {
  return [...layer.values.values()].filter((value) => value.role !== 'intermediate');
}
