/** The sizes of network at which iterations are compared. */

export interface Size {
  /** T */
  readonly timeSteps: number;
  /** B */
  readonly batchSize: number;
  /** I: width of what the first cell receives, and number of distinct tokens. */
  readonly inputSize: number;
  /** H */
  readonly units: number;
}

export const sizes = {
  S: { timeSteps: 20, batchSize: 8, inputSize: 16, units: 16 },
  M: { timeSteps: 50, batchSize: 32, inputSize: 64, units: 64 },
  L: { timeSteps: 100, batchSize: 32, inputSize: 128, units: 128 },
  XL: { timeSteps: 200, batchSize: 64, inputSize: 256, units: 256 },
} as const satisfies Record<string, Size>;

export type SizeName = keyof typeof sizes;

export const sizeNames = Object.keys(sizes) as SizeName[];
