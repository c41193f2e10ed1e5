/** The one source of chance in a run: seeded, and the same on every machine. */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

export class Random {
  private readonly generator;

  constructor(seed: number) {
    this.generator = xoroshiro128plus(seed);
  }

  /** A generator for these numbers, that has nothing in common with those for their neighbours. */
  static of(...numbers: readonly number[]): Random {
    return new Random(numbers.reduce((hash, number) => mixed(hash ^ number), 0x9e3779b9));
  }

  /** Whether something of this probability does. */
  happens(probability: number): boolean {
    return this.generator.next() >>> 0 < probability * 2 ** 32;
  }

  /** In [low, high). */
  uniform(low: number, high: number): number {
    return low + (high - low) * uniformFloat64(this.generator);
  }

  /** Standard normal, by the polar method (Marsaglia & Bray, 1964). */
  normal(): number {
    for (;;) {
      const u = this.uniform(-1, 1);
      const v = this.uniform(-1, 1);
      const s = u * u + v * v;
      if (s > 0 && s < 1) return u * Math.sqrt((-2 * Math.log(s)) / s);
    }
  }

  /** 0…count − 1 in random order (Fisher–Yates). */
  permutation(count: number): Int32Array {
    const order = Int32Array.from({ length: count }, (_, index) => index);
    for (let last = count - 1; last > 0; last -= 1) {
      const other = uniformInt(this.generator, 0, last);
      const kept = order[last]!;
      order[last] = order[other]!;
      order[other] = kept;
    }
    return order;
  }
}

/** The finaliser of MurmurHash3 (Appleby 2011): one bit more or less of the 32 changes half of them. */
function mixed(bits: number): number {
  let hash = bits;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
