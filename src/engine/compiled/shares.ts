/** How a batch is shared out among threads: whole sequences, in groups that fill the tiles of products. */
export interface Samples {
  readonly first: number;
  readonly count: number;
}

const samplesPerTile = 4;

export function samplesOf(thread: number, threads: number, batchSize: number): Samples {
  const group = batchSize >= samplesPerTile * threads ? samplesPerTile : 1;
  const bound = (index: number): number =>
    Math.min(batchSize, Math.ceil((batchSize * index) / threads / group) * group);
  const first = bound(thread);
  return { first, count: bound(thread + 1) - first };
}
