/**
 * What checking a `.rnn` file yields: plain data, free of syntax nodes, from which the compiler derives programs.
 * Sizes that only the data can tell (vocabulary, number of columns) stay symbols until the data is read.
 */
import type { DiagnosticCode } from './diagnostic-codes.ts';

/** A stretch of source text. Lines and characters count from 0, as in the Language Server Protocol. */
export interface SourceRange {
  readonly uri: string;
  readonly start: { readonly line: number; readonly character: number };
  readonly end: { readonly line: number; readonly character: number };
}

/**
 * A size along one axis. What hangs on the number of distinct tokens is known once the text is read: until then it is
 * a polynomial in `vocabulary` as sizes.ts writes them, such as `vocabulary` or `2 * vocabulary + 64`.
 */
export type Dimension = number | string;

/** Shape without batch and time, which are implicit: `[]` scalar, `[n]` vector, `[m, n]` matrix. */
export type Shape = readonly Dimension[];

export type ElementwiseFunction = 'sigmoid' | 'tanh' | 'relu' | 'softplus' | 'exp' | 'log' | 'sqrt' | 'abs';

/**
 * Functions as equations are left with once they are checked: optional arguments are filled in, and `affine` and
 * `window` are written out. What each means is in vocabulary/functions.ts.
 */
export type FunctionName =
  | ElementwiseFunction
  /** (v, slope), slope a number in [0, 1) */
  | 'leaky_relu'
  /** (v, slope), slope a vector or a scalar */
  | 'prelu'
  /** (v, α), α a number */
  | 'elu'
  | 'hard_sigmoid'
  | 'hard_tanh'
  /** Over two or more vectors or scalars, unit by unit. */
  | 'min'
  | 'max'
  /** (v, k): of the k equal parts of v, unit by unit the largest. `[k n]` → `[n]`; k is a number. */
  | 'maxout'
  /** Two or more vectors, or scalars, end to end. */
  | 'concat'
  /** Normalises over the units of a vector. */
  | 'softmax'
  /** Vector → scalar. */
  | 'norm'
  | 'sum'
  | 'mean';

export type BinaryOperator = '+' | '-' | '*' | '/' | '@';

/** Expressions of a cell whose arguments (`units`, `forget_bias`, …) have been replaced by their values. */
export type Expression = {
  readonly shape: Shape;
  readonly source: SourceRange;
} /** `name`: the cell's argument, or the constant of the file, whose value it is. */ & (
  | { readonly kind: 'number'; readonly value: number; readonly name?: string | undefined }
  /** A quantity `delay` steps ago (0 = now). `x` is the layer's input. */
  | { readonly kind: 'quantity'; readonly name: string; readonly delay: number }
  | { readonly kind: 'parameter'; readonly name: string }
  | { readonly kind: 'negate'; readonly operand: Expression }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: 'call';
      readonly function: FunctionName;
      readonly arguments: readonly Expression[];
    }
);

export type Initialiser =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'glorot' | 'he' | 'lecun' | 'orthogonal' | 'identity' }
  | { readonly kind: 'normal'; readonly deviation: number }
  | { readonly kind: 'uniform'; readonly bound: number };

export interface ParameterDeclaration {
  readonly name: string;
  readonly shape: Shape;
  readonly initialiser: Initialiser;
  readonly source: SourceRange;
}

export interface Equation {
  readonly name: string;
  readonly shape: Shape;
  readonly value: Expression;
  /** The whole line `name = value`. */
  readonly source: SourceRange;
  /** The line as written, white space folded. */
  readonly text: string;
}

/** A cell with its arguments filled in, at one place of the model's pipeline. */
export interface CheckedCell {
  readonly name: string;
  /** In order of declaration. */
  readonly parameters: readonly ParameterDeclaration[];
  /** In an order in which every quantity is defined before it is read at delay 0. */
  readonly equations: readonly Equation[];
  /** What a state is at t ≤ 0; absent means 0. */
  readonly initial: ReadonlyMap<string, InitialState>;
  readonly output: string;
}

export type InitialState =
  | { readonly kind: 'constant'; readonly value: number }
  /** A trained parameter: as wide as the state, or a scalar for all of its units. */
  | { readonly kind: 'parameter'; readonly name: string };

/** A cell as a layer. */
export interface CellUse {
  readonly cell: CheckedCell;
  /**
   * Share of the previous output's units that are dropped where the cell's products read it: one mask a sequence, the
   * same at every step (Gal & Ghahramani 2016). 0: none.
   */
  readonly recurrentDropout: number;
}

export type LayerSpec = {
  /** As written in `model`, e.g. `LSTM(64)`. */
  readonly text: string;
  readonly source: SourceRange;
  /** Width of what the layer receives; for `onehot` and `embed` the number of distinct tokens. */
  readonly inputSize: Dimension;
  readonly outputSize: Dimension;
} /** `onehot`: token → unit vector of the vocabulary's size; `embed`: token → learnt vector of `outputSize`. */ & (
  | { readonly kind: 'onehot' | 'embed' }
  | ({ readonly kind: 'cell' } & CellUse)
  /** One cell reads the sequence from its start, another, with parameters of its own, from its end. */
  | ({ readonly kind: 'bidirectional'; readonly merge: 'concat' | 'sum' } & CellUse)
  /** What the layers hand on, plus what they receive. */
  | { readonly kind: 'residual'; readonly layers: readonly LayerSpec[] }
  /** While training, drops this share of the units, anew at every step, and scales up the others. */
  | { readonly kind: 'dropout'; readonly rate: number }
  /** (x − mean) / √(variance + 1e-5) over the units, times a learnt gain, plus a learnt bias. */
  | { readonly kind: 'layer_norm' }
  /** From a vector a step to one a sequence: the last step's, or the mean over all steps. */
  | { readonly kind: 'last' | 'mean' }
  /** The logits of tokens by the table of `embed`: E @ x + b. */
  | { readonly kind: 'tie' }
  /** W @ x + b; without an argument as wide as the target (vocabulary or number of target columns). */
  | { readonly kind: 'dense' }
  /** Last layer of a classifier: probabilities. */
  | { readonly kind: 'softmax' }
  /** Last layer of a regression: the values as they are. */
  | { readonly kind: 'linear' }
);

export interface SplitShares {
  /** Shares of the whole, in [0, 1], adding up to at most 1. */
  readonly train: number;
  readonly dev: number;
  readonly test: number;
}

export interface DataSpec {
  readonly source: DataSource;
  /** Time steps in one sequence, T. */
  readonly window: number;
  readonly split: SplitShares;
  readonly ranges: {
    readonly block: SourceRange;
    /** The file's name inside `text("…")` or `csv("…")`. */
    readonly path: SourceRange;
    readonly window: SourceRange;
  };
}

export type DataSource =
  | { readonly kind: 'text'; readonly path: string; readonly tokens: 'char' }
  | {
      readonly kind: 'csv';
      readonly path: string;
      readonly inputs: readonly ColumnName[];
      readonly targets: readonly ColumnName[];
      /** How many steps ahead of its input a target lies. */
      readonly horizon: number;
      readonly normalize: 'none' | 'zscore' | 'minmax';
    };

export interface ColumnName {
  readonly name: string;
  readonly source: SourceRange;
}

export type OptimizerSpec =
  | { readonly kind: 'sgd'; readonly learningRate: number }
  | {
      readonly kind: 'adam';
      readonly learningRate: number;
      readonly beta1: number;
      readonly beta2: number;
      readonly epsilon: number;
    };

export interface TrainSpec {
  readonly loss: 'cross_entropy' | 'mse';
  readonly optimizer: OptimizerSpec;
  /** Sequences in a minibatch, B. */
  readonly batch: number;
  readonly epochs: number;
  /** Largest global gradient norm; larger gradients are scaled down to it. */
  readonly clipNorm: number | undefined;
  readonly seed: number;
  readonly ranges: { readonly batch: SourceRange; readonly loss: SourceRange };
}

/** What one `train` block trains: a run. */
export interface CheckedModel {
  readonly uri: string;
  /** The name of the `train` block; undefined where it has none. */
  readonly name: string | undefined;
  readonly data: DataSpec;
  /** From input to output. */
  readonly layers: readonly LayerSpec[];
  readonly train: TrainSpec;
}

export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly source: SourceRange;
  readonly fix?: Fix;
}

/**
 * What only the check that reports something knows about putting it right. Where the edit goes follows from the
 * diagnostic's code and place.
 */
export type Fix =
  /** One of these texts instead of the one that is marked. */
  | { readonly kind: 'replace'; readonly texts: readonly string[] }
  /** A bracket or quote that is missing. */
  | { readonly kind: 'insert'; readonly text: string; readonly at: SourceRange['end'] }
  /** A key that the block needs, an argument that the call needs, a block that the file needs. */
  | { readonly kind: 'add'; readonly name: string };

/**
 * `models` has one for each `train` block, in their order, when no diagnostic is an error; otherwise none. A file of
 * cells alone is a library, right and without a model.
 */
export interface Analysis {
  readonly diagnostics: readonly Diagnostic[];
  readonly models: readonly CheckedModel[];
}
