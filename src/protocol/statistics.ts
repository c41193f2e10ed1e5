/** What a set of values holds; `smallest` and `largest` are of its finite values, absent when there is none. */
export interface Statistics {
  readonly smallest: number | undefined;
  readonly largest: number | undefined;
  readonly notANumber: number;
  readonly positiveInfinite: number;
  readonly negativeInfinite: number;
}

export function statisticsOf(values: Float32Array): Statistics {
  let smallest = Infinity;
  let largest = -Infinity;
  let notANumber = 0;
  let positiveInfinite = 0;
  let negativeInfinite = 0;
  // By index, which is several times as fast here as by `for … of`.
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index]!;
    if (Number.isFinite(value)) {
      if (value < smallest) smallest = value;
      if (value > largest) largest = value;
    } else if (value === Infinity) positiveInfinite += 1;
    else if (value === -Infinity) negativeInfinite += 1;
    else notANumber += 1;
  }
  const some = smallest <= largest;
  return {
    smallest: some ? smallest : undefined,
    largest: some ? largest : undefined,
    notANumber,
    positiveInfinite,
    negativeInfinite,
  };
}

export function largestMagnitude({ smallest, largest }: Statistics): number {
  return Math.max(Math.abs(smallest ?? 0), Math.abs(largest ?? 0));
}
