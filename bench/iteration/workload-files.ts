/** What lies in the folder of a workload, through which it reaches processes of any language. */

/** `workload.json`, for those who do not read `.rnn`. Numbers lie beside it, little-endian, row by row. */
export interface WorkloadHeader {
  readonly cell: string;
  /** How many of them stand above each other. */
  readonly layers: number;
  readonly input: InputKind;
  /** T */
  readonly timeSteps: number;
  /** B */
  readonly batchSize: number;
  /** I, and number of distinct tokens or of target columns. */
  readonly inputSize: number;
  /** H */
  readonly units: number;
  /** Of plain gradient descent, without clipping. */
  readonly learningRate: number;
  /** In `parameters.f32`, one after the other. */
  readonly parameters: readonly { readonly name: string; readonly shape: readonly number[] }[];
}

/**
 * Where the vectors of width I come from that the first cell reads: from tokens, through a table that is learnt or as
 * unit vectors; or from a table of numbers, no two of which are the same. Tokens are predicted with cross-entropy,
 * numbers with mean squared error.
 */
export type InputKind = 'embed' | 'onehot' | 'numbers';

export const fileNames = {
  header: 'workload.json',
  model: 'model.rnn',
  data: 'data',
  parameters: 'parameters.f32',
  /** Tokens [T, B] as int32, or numbers [T, B, I] as float32. */
  inputs: 'inputs',
  /** Tokens [T, B] as int32, or numbers [T, B, I] as float32. */
  targets: 'targets',
} as const;
