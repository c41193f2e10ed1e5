/** What lies in the folder of a workload, through which it reaches processes of any language. */

/** `workload.json`, for those who do not read `.rnn`. Numbers lie beside it, little-endian, row by row. */
export interface WorkloadHeader {
  readonly cell: string;
  /** How many of them stand above each other. */
  readonly layers: number;
  /** How tokens become vectors of width I: a table that is learnt, or unit vectors that are given. */
  readonly input: 'embed' | 'onehot';
  /** T */
  readonly timeSteps: number;
  /** B */
  readonly batchSize: number;
  /** I, and number of distinct tokens. */
  readonly inputSize: number;
  /** H */
  readonly units: number;
  /** Of plain gradient descent, without clipping. */
  readonly learningRate: number;
  /** In `parameters.f32`, one after the other. */
  readonly parameters: readonly { readonly name: string; readonly shape: readonly number[] }[];
}

export const fileNames = {
  header: 'workload.json',
  model: 'model.rnn',
  data: 'data.txt',
  parameters: 'parameters.f32',
  /** Tokens, [T, B]. */
  inputs: 'inputs.i32',
  /** Tokens, [T, B]. */
  targets: 'targets.i32',
} as const;
