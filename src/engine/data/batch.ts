/** What one minibatch holds. Time first: entry (t, b) of T·B stands at (t − 1)·B + b. */

export type Batch = {
  /** [T, B] or [T, B, n] */
  readonly inputs: Steps;
  /** [T, B] or [T, B, m] */
  readonly targets: Steps;
};

export type Steps =
  | { readonly kind: 'tokens'; readonly values: Int32Array }
  | { readonly kind: 'numbers'; readonly size: number; readonly values: Float32Array };
