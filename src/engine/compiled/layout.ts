/** Where everything of a run lies in its one memory: the trace, parameters, gradients and what products need. */
import type { Network } from '../../compile/network.ts';
import type {
  ArrayOperand,
  Matrix,
  ProductOperation,
  Schedule,
  ScheduledArray,
  Stage,
} from '../../compile/schedule/schedule.ts';
import { bytesPerPage } from '../wasm/module-builder.ts';
import { panelColumns } from './product-kernels.ts';

export const bytesPerFloat = 4;
const cacheLine = 64;
/** Arrays of one time step would all fall into the same sets of the cache if they lay a power of two apart. */
const stagger = 5 * cacheLine;

export interface ParameterPlace {
  readonly layer: string;
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: number;
  readonly gradient: number;
}

/** An operand that a token determines: its unit vector, or its row of an embedding. */
export interface TokenOperand {
  readonly vocabulary: number;
  /** Absent for unit vectors. */
  readonly embedding: ParameterPlace | undefined;
}

/** A matrix as a product reads it. */
export interface PackedMatrix {
  readonly operation: ProductOperation;
  /** Panels of columns. */
  readonly address: number;
  /** Of an operand that a token determines: the product for every token, with a row of zeros for none. */
  readonly table: TokenTable | undefined;
}

export interface TokenTable {
  readonly address: number;
  readonly tokens: TokenOperand;
}

export interface DataPlaces {
  /** Int32 [T, B], with `padBefore` steps of the token `vocabulary`, which is none, before them. */
  readonly inputTokens: number;
  readonly targetTokens: number;
  /** Float32 [T, B, n] and [T, B, m]. */
  readonly inputNumbers: number;
  readonly targetNumbers: number;
}

export class Layout {
  readonly network: Network;
  readonly schedule: Schedule;
  readonly parameters: readonly ParameterPlace[];
  readonly packed: readonly PackedMatrix[];
  readonly data: DataPlaces;
  /** Where the steps before the first one begin. */
  readonly firstInputToken: number;
  /** Four zeros, and more behind them for what reads beyond. */
  readonly zeros: number;
  /** The one-hot tokens that the trace shows at present, Int32 [T, B]. */
  readonly shownTokens: number;
  /** A few words each, for threads to meet at. */
  readonly meetingPlaces: readonly [number, number];
  readonly pages: number;
  private readonly arrays = new Map<ScheduledArray, number>();
  /** Per-token sums of gradients, `[vocabulary + 1, rows]`, by parameter. */
  private readonly tables = new Map<string, number>();
  private end = cacheLine;

  constructor(schedule: Schedule) {
    const { network } = schedule;
    this.network = network;
    this.schedule = schedule;
    this.zeros = this.allocate(cacheLine);
    this.meetingPlaces = [this.allocate(cacheLine), this.allocate(cacheLine)];
    this.parameters = this.placeParameters();
    this.packed = this.packMatrices();
    this.placeTables();
    this.firstInputToken = this.end;
    this.data = this.placeData();
    this.shownTokens = this.allocate(this.rows * bytesPerFloat);
    for (const array of schedule.arrays) this.placeArray(array);
    // Vectors may be read beyond the last entry.
    this.pages = Math.ceil((this.end + cacheLine) / bytesPerPage);
  }

  get bytes(): number {
    return this.pages * bytesPerPage;
  }

  /** T·B */
  get rows(): number {
    return this.network.timeSteps * this.network.batchSize;
  }

  /** What the mean loss is taken over: T·B, or B above pooling. */
  get predictions(): number {
    return this.network.lossSteps * this.network.batchSize;
  }

  /** Time steps that an array has. */
  stepsOf({ steps }: ScheduledArray): number {
    return steps ?? this.network.timeSteps;
  }

  /** The array at t + shift, where t = 1 begins. */
  address(array: ScheduledArray, shift = 0): number {
    const start = this.arrays.get(array);
    if (start === undefined) throw new Error(`${array.layer}.${array.name} is not in memory.`);
    return start + shift * bytesPerStep(array);
  }

  /** Bytes that the parameters and quantities of one layer take. */
  bytesOfLayer(layer: string): number {
    const arrays = this.schedule.arrays.filter((each) => each.layer === layer);
    const parameters = this.parameters.filter((each) => each.layer === layer);
    const entries = parameters.map(({ shape }) => shape.reduce((product, size) => product * size, 1));
    const bytes = sum(arrays.map((array) => this.stepsOf(array) * bytesPerStep(array)));
    // Values, gradients, and each matrix packed for both directions.
    return bytes + bytesPerFloat * 4 * sum(entries);
  }

  parameter(layer: string, name: string): ParameterPlace {
    const place = this.parameters.find((each) => each.layer === layer && each.name === name);
    if (place === undefined) throw new Error(`Layer ${layer} has no parameter ${name}.`);
    return place;
  }

  packedMatrix(operation: ProductOperation): PackedMatrix {
    return this.packed.find((each) => this.samePacking(each.operation, operation))!;
  }

  table(layer: string, parameter: string): number {
    return this.tables.get(`${layer} ${parameter}`)!;
  }

  /** What a token determines is multiplied once for each token of the vocabulary where those are fewer than rows. */
  tokensOf({ operand }: Pick<ProductOperation, 'operand'>): TokenOperand | undefined {
    if (operand.kind !== 'array' || operand.array.content !== 'value') return undefined;
    const layer = this.network.layers.find(({ id }) => id === operand.array.layer);
    if (layer?.kind === 'onehot') return { vocabulary: operand.array.size, embedding: undefined };
    if (layer?.kind !== 'embed') return undefined;
    const embedding = this.parameters.find((each) => each.layer === layer.id)!;
    const [vocabulary = 1] = embedding.shape;
    return vocabulary < this.rows ? { vocabulary, embedding } : undefined;
  }

  /** Where the tokens begin that determine an operand at t = 1. */
  tokensAddress({ array, shift }: ArrayOperand): number {
    return this.data.inputTokens + shift * array.rows * bytesPerFloat;
  }

  private samePacking(one: ProductOperation, other: ProductOperation): boolean {
    return (
      one.matrix.layer === other.matrix.layer &&
      one.matrix.name === other.matrix.name &&
      one.transposed === other.transposed &&
      one.negative === other.negative &&
      (this.tokensOf(one) === undefined) === (this.tokensOf(other) === undefined)
    );
  }

  /** Bytes at the address that was asked for, and a little more. */
  private allocate(bytes: number): number {
    const address = this.end;
    this.end += Math.ceil(bytes / cacheLine) * cacheLine + stagger;
    return address;
  }

  private placeParameters(): ParameterPlace[] {
    const places: ParameterPlace[] = [];
    for (const layer of this.network.layers) {
      for (const { name, shape, owner = layer.id } of layer.parameters) {
        if (places.some((place) => place.layer === owner && place.name === name)) continue;
        const bytes = bytesPerFloat * shape.reduce((product, size) => product * size, 1);
        const [values, gradient] = [this.allocate(bytes), this.allocate(bytes)];
        places.push({ layer: owner, name, shape, values, gradient });
      }
    }
    return places;
  }

  private packMatrices(): PackedMatrix[] {
    const packed: PackedMatrix[] = [];
    for (const operation of productsOf(this.schedule)) {
      if (packed.some((each) => this.samePacking(each.operation, operation))) continue;
      const { rows, columns } = packedShape(operation);
      const bytesPerRow = bytesPerFloat * roundUp(columns, panelColumns);
      const tokens = this.tokensOf(operation);
      const address = this.allocate(rows * bytesPerRow);
      const table = tokens && { address: this.allocate((tokens.vocabulary + 1) * bytesPerRow), tokens };
      packed.push({ operation, address, table });
    }
    return packed;
  }

  private placeTables(): void {
    for (const { gradients } of this.schedule.layers) {
      for (const gradient of gradients) {
        const tokens = gradient.kind === 'outer' ? this.tokensOf(gradient) : undefined;
        if (tokens === undefined) continue;
        const rows = roundUp(gradient.adjoint.array.size, 4);
        const bytes = bytesPerFloat * (tokens.vocabulary + 1) * rows;
        this.tables.set(`${gradient.layer} ${gradient.parameter}`, this.allocate(bytes));
      }
    }
  }

  private placeData(): DataPlaces {
    const { network } = this;
    const [first] = network.layers;
    const padding =
      Math.max(0, ...this.schedule.arrays.map(({ padBefore }) => padBefore)) * network.batchSize;
    const inputs = this.allocate((padding + this.rows) * bytesPerFloat);
    const inputSize = first?.values.get(first.output)?.size ?? 0;
    const numbers = (isUsed: boolean, size: number): number =>
      this.allocate(isUsed ? this.rows * size * bytesPerFloat : 0);
    return {
      inputTokens: inputs + padding * bytesPerFloat,
      targetTokens: this.allocate(this.rows * bytesPerFloat),
      inputNumbers: numbers(first?.kind === 'numbers', inputSize),
      targetNumbers: numbers(network.loss === 'mse', network.outputSize),
    };
  }

  private placeArray(array: ScheduledArray): void {
    const steps = array.padBefore + this.stepsOf(array) + array.padAfter;
    const start = this.allocate(steps * bytesPerStep(array));
    this.arrays.set(array, start + array.padBefore * bytesPerStep(array));
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** Depth and width of B in A · B. */
export function packedShape({ matrix, transposed }: ProductOperation): Pick<Matrix, 'rows' | 'columns'> {
  return transposed
    ? { rows: matrix.rows, columns: matrix.columns }
    : { rows: matrix.columns, columns: matrix.rows };
}

export function bytesPerStep({ rows, size }: ScheduledArray): number {
  return rows * size * bytesPerFloat;
}

export function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}

export function stagesOf({ layers }: Schedule): Stage[] {
  return layers.flatMap(({ forward, adjoint }) =>
    [forward, adjoint].flatMap(({ before, loop, after }) => [...before, ...loop, ...after]),
  );
}

function productsOf(schedule: Schedule): ProductOperation[] {
  return stagesOf(schedule).flatMap((stage) =>
    stage.kind === 'products' ? stage.targets.flatMap(({ terms }) => terms) : [],
  );
}
