/** target = bias + Σ ± W @ v for the rows of a stage, and the packing of matrices that it reads. */
import type { ProductOperation, ProductTarget, Stage } from '../../compile/schedule/schedule.ts';
import { f32x4, type I32, i32, type V128, v128 } from '../wasm/expressions.ts';
import type { FunctionBuilder, FunctionReference } from '../wasm/function-builder.ts';
import {
  defineStage,
  type Emission,
  forEachPanel,
  forEachRow,
  forEachVector,
  rowAddress,
} from './emission.ts';
import {
  bytesPerFloat,
  type PackedMatrix,
  type ParameterPlace,
  packedShape,
  roundUp,
  type TokenTable,
} from './layout.ts';
import { panelColumns } from './product-kernels.ts';

/** Rows that stay in the cache while all matrices of a stage pass over them. */
const rowsPerBlock = 32;

type ProductStage = Extract<Stage, { kind: 'products' }>;

/** What a product adds to. */
interface Addend {
  readonly address: I32;
  /** Bytes from row to row: 0 where all rows add the same. */
  readonly stride: number;
  /** The zeros are but a few: all columns add the same ones. */
  readonly isZero: boolean;
}

export function productStage(emission: Emission, stage: ProductStage): FunctionReference {
  return defineStage(emission, (builder, row, rows) => {
    const end = builder.keep(i32.add(row, rows));
    const block = builder.local('i32');
    builder.count(block, row, end, rowsPerBlock, () => {
      const left = builder.keep(i32.subtract(end, block));
      const count = builder.keep(i32.minimum(left, i32.constant(rowsPerBlock)));
      for (const target of stage.targets) writeTarget(emission, builder, target, block, count);
    });
  });
}

function writeTarget(
  emission: Emission,
  builder: FunctionBuilder,
  target: ProductTarget,
  row: I32,
  rows: I32,
): void {
  for (const [index, term] of target.terms.entries()) {
    const addend = addendOf(emission, target, index, row);
    const { table } = emission.layout.packedMatrix(term);
    if (table === undefined) productTerm(emission, builder, target, term, addend, row, rows);
    else tokenTerm(emission, builder, target, term, table, addend, row, rows);
  }
}

function addendOf(emission: Emission, target: ProductTarget, term: number, row: I32): Addend {
  const { layout } = emission;
  if (target.accumulate || term > 0) {
    const operand = { kind: 'array', array: target.target, shift: 0 } as const;
    return {
      address: rowAddress(emission, operand, row),
      stride: target.target.size * bytesPerFloat,
      isZero: false,
    };
  }
  const { bias } = target;
  if (bias === undefined) return { address: i32.constant(layout.zeros), stride: 0, isZero: true };
  const { values } = layout.parameter(bias.layer, bias.name);
  return { address: i32.constant(values), stride: 0, isZero: false };
}

function productTerm(
  emission: Emission,
  builder: FunctionBuilder,
  { target }: ProductTarget,
  term: ProductOperation,
  addend: Addend,
  row: I32,
  rows: I32,
): void {
  const { layout } = emission;
  const { rows: depth, columns } = packedShape(term);
  const { operand } = term;
  const isParameter = operand.kind === 'parameter';
  if (!isParameter && operand.array.rows !== target.rows)
    throw new Error('Products read the rows that they write.');
  const a = builder.keep(
    isParameter
      ? i32.constant(layout.parameter(operand.layer, operand.name).values)
      : rowAddress(emission, operand, row),
  );
  const aStride = isParameter ? 0 : depth * bytesPerFloat;
  const c = builder.keep(rowAddress(emission, { kind: 'array', array: target, shift: 0 }, row));
  multiplyPanels(emission, builder, {
    a,
    aStride,
    packed: layout.packedMatrix(term).address,
    addend: { ...addend, address: builder.keep(addend.address) },
    c,
    cStride: columns * bytesPerFloat,
    depth,
    columns,
    rows,
  });
}

/** C = addend + A · B, panel by panel of B. Strides are in bytes from row to row. */
interface PanelProduct {
  readonly a: I32;
  readonly aStride: number;
  readonly packed: number;
  readonly addend: Addend;
  readonly c: I32;
  readonly cStride: number;
  readonly depth: number;
  readonly columns: number;
  readonly rows: I32;
}

function multiplyPanels({ kernels }: Emission, builder: FunctionBuilder, product: PanelProduct): void {
  const { addend, depth, columns } = product;
  forEachPanel(builder, columns, (first, vectors, lanes) =>
    builder.call(
      kernels.packed[vectors - 1]!,
      product.a,
      i32.constant(product.aStride),
      i32.add(i32.multiply(first, depth), product.packed),
      addend.isZero ? addend.address : i32.add(addend.address, first),
      i32.constant(addend.stride),
      i32.add(product.c, first),
      i32.constant(product.cStride),
      i32.constant(depth),
      product.rows,
      i32.constant(lanes),
    ),
  );
}

/** W @ v, where a token determines v, is a row of a table. */
function tokenTerm(
  emission: Emission,
  builder: FunctionBuilder,
  { target }: ProductTarget,
  term: ProductOperation,
  { address: table }: TokenTable,
  addend: Addend,
  row: I32,
  rows: I32,
): void {
  const { layout } = emission;
  if (term.operand.kind !== 'array') throw new Error('Tokens have time steps.');
  const tokens = layout.tokensAddress(term.operand);
  const bytesPerTableRow = roundUp(target.size, panelColumns) * bytesPerFloat;
  const addendStart = builder.keep(addend.address);
  forEachRow(builder, row, rows, (index) => {
    const token = i32.load(i32.multiply(index, bytesPerFloat), tokens);
    const column = builder.keep(i32.add(i32.multiply(token, bytesPerTableRow), table));
    const done = builder.keep(i32.multiply(i32.subtract(index, row), addend.stride));
    const from = builder.keep(i32.add(addendStart, done));
    const to = builder.keep(rowAddress(emission, { kind: 'array', array: target, shift: 0 }, index));
    forEachVector(builder, target.size, (unit, lanes) => {
      const added = addend.isZero ? f32x4.constant(0) : v128.load(i32.add(from, unit));
      const sum = builder.keep(f32x4.add(added, v128.load(i32.add(column, unit))));
      builder.storeLanes(i32.add(to, unit), sum, lanes);
    });
  });
}

/** A function without parameters that packs all matrices of the parameters as they are. */
export function packMatrices(emission: Emission): FunctionReference {
  const { module, layout } = emission;
  return module.define([], (builder) => {
    for (const packed of layout.packed) {
      const embedding = packed.table?.tokens.embedding;
      if (packed.table === undefined || embedding !== undefined) packPanels(emission, builder, packed);
      if (embedding !== undefined) multiplyEmbedding(emission, builder, packed, embedding);
      else if (packed.table !== undefined) packColumns(emission, builder, packed, packed.table);
    }
  });
}

/** Panels of B: [depth, 8] one after the other; the last one has as many vectors as columns are left for. */
function packPanels(emission: Emission, builder: FunctionBuilder, packed: PackedMatrix): void {
  const { rows: depth, columns } = packedShape(packed.operation);
  const column = builder.local('i32');
  const to = builder.keep(i32.constant(packed.address));
  const panel = (vectors: number): void => {
    const k = builder.local('i32');
    builder.count(k, i32.constant(0), i32.constant(depth), 1, () => {
      for (let vector = 0; vector < vectors; vector += 1) {
        builder.store(to, fourOf(emission, builder, packed, k, i32.add(column, 4 * vector)), 16 * vector);
      }
      builder.set(to, i32.add(to, 16 * vectors));
    });
  };
  const whole = columns - (columns % panelColumns);
  builder.count(column, i32.constant(0), i32.constant(whole), panelColumns, () => panel(panelColumns / 4));
  if (columns > whole) panel(Math.ceil((columns - whole) / 4));
}

/** W @ onehot(token) is a column of W: [tokens, columns], each filled up to whole panels. */
function packColumns(
  emission: Emission,
  builder: FunctionBuilder,
  packed: PackedMatrix,
  { address, tokens }: TokenTable,
): void {
  const { columns } = packedShape(packed.operation);
  const to = builder.keep(i32.constant(address));
  const token = builder.local('i32');
  const column = builder.local('i32');
  builder.count(token, i32.constant(0), i32.constant(tokens.vocabulary), 1, () => {
    builder.count(column, i32.constant(0), i32.constant(roundUp(columns, panelColumns)), 4, () => {
      builder.store(to, fourOf(emission, builder, packed, token, column));
      builder.set(to, i32.add(to, 16));
    });
  });
}

/** W @ E[token] for all tokens. */
function multiplyEmbedding(
  emission: Emission,
  builder: FunctionBuilder,
  { operation, address, table }: PackedMatrix,
  embedding: ParameterPlace,
): void {
  const { rows: depth, columns } = packedShape(operation);
  multiplyPanels(emission, builder, {
    a: i32.constant(embedding.values),
    aStride: depth * bytesPerFloat,
    packed: address,
    addend: { address: i32.constant(emission.layout.zeros), stride: 0, isZero: true },
    c: i32.constant(table!.address),
    cStride: roundUp(columns, panelColumns) * bytesPerFloat,
    depth,
    columns,
    rows: i32.constant(table!.tokens.vocabulary),
  });
}

/** ± B[k, column…column + 3]; what is beyond the last column is never used. */
function fourOf(
  { layout }: Emission,
  builder: FunctionBuilder,
  { operation }: PackedMatrix,
  k: I32,
  column: I32,
): V128 {
  const { matrix, transposed, negative } = operation;
  const { values } = layout.parameter(matrix.layer, matrix.name);
  const bytesPerRow = matrix.columns * bytesPerFloat;
  const four = transposed
    ? v128.load(i32.add(i32.multiply(k, bytesPerRow), i32.multiply(column, bytesPerFloat)), values)
    : fourRows(
        builder,
        i32.add(i32.multiply(column, bytesPerRow), i32.multiply(k, bytesPerFloat)),
        values,
        bytesPerRow,
      );
  return negative ? f32x4.negate(four) : four;
}

function fourRows(builder: FunctionBuilder, first: I32, offset: number, stride: number): V128 {
  const address = builder.keep(first);
  return [1, 2, 3].reduce(
    (vector, lane) => v128.loadLane(vector, lane, address, offset + lane * stride),
    v128.loadSplat(address, offset),
  );
}
