/** A pass over memory that makes all assignments of a stage, four units at a time. */
import { derivativeReadsOutput, operandsOf, targetsOf } from '../../compile/schedule/reads.ts';
import type {
  ArrayOperand,
  Contribution,
  ElementwiseOperation,
  ScheduledArray,
  ScheduledOperand,
  Stage,
} from '../../compile/schedule/schedule.ts';
import { f32x4, type I32, i32, type V128, v128 } from '../wasm/expressions.ts';
import type { FunctionBuilder, FunctionReference, Local } from '../wasm/function-builder.ts';
import { defineStage, type Emission, forEachRow, forEachVector } from './emission.ts';
import { bytesPerFloat } from './layout.ts';
import { VectorFunctions } from './vector-functions.ts';

type ElementwiseStage = Extract<Stage, { kind: 'elementwise' }>;

export function elementwiseStage(emission: Emission, stage: ElementwiseStage): FunctionReference {
  const bytesPerRow = stage.size * bytesPerFloat;
  const rowsPerStep = targetsOf(stage)[0]!.rows;
  return defineStage(emission, (builder, row, rows) => {
    if (isFlat(stage)) {
      const offset = builder.local('i32');
      const end = builder.keep(i32.multiply(i32.add(row, rows), bytesPerRow));
      builder.count(offset, i32.multiply(row, bytesPerRow), end, 16, () => {
        const place = { offset, unit: offset, row, step: row, rowsPerStep, lanes: 4 };
        new Assignments(emission, builder, stage, place).write();
      });
      return;
    }
    forEachRow(builder, row, rows, (index) => {
      const rowOffset = builder.keep(i32.multiply(index, bytesPerRow));
      const step = readsSteps(stage) ? builder.keep(i32.divide(index, rowsPerStep)) : index;
      forEachVector(builder, stage.size, (unit, lanes) => {
        const offset = builder.keep(i32.add(rowOffset, unit));
        const place = { offset, unit, row: index, step, rowsPerStep, lanes };
        new Assignments(emission, builder, stage, place).write();
      });
    });
  });
}

/** Rows need not be told apart: nothing is the same for all units, or for all rows, and no row ends within a vector. */
function isFlat(stage: ElementwiseStage): boolean {
  const { size, assignments } = stage;
  const { rows } = targetsOf(stage)[0]!;
  const spreads = (operand: ScheduledOperand): boolean =>
    operand.kind === 'parameter' ||
    (operand.kind === 'array' && (operand.array.size !== size || operand.array.rows !== rows));
  return size % 4 === 0 && !assignments.some(({ operation }) => operandsOf(operation).some(spreads));
}

/** Whether it reads arrays with one row a time step where its own have several. */
function readsSteps(stage: ElementwiseStage): boolean {
  const { rows } = targetsOf(stage)[0]!;
  const operands = stage.assignments.flatMap(({ operation }) => operandsOf(operation));
  return operands.some((operand) => operand.kind === 'array' && operand.array.rows !== rows);
}

/** Where four lanes stand. */
interface Place {
  /** Bytes from the first entry of an array of the stage's size. */
  readonly offset: I32;
  /** Bytes from the first unit of a row. */
  readonly unit: I32;
  readonly row: I32;
  /** The row in an array with one row a time step. */
  readonly step: I32;
  /** Of the stage's targets. */
  readonly rowsPerStep: number;
  /** How many lanes are units: the others are left alone in memory. */
  readonly lanes: number;
}

class Assignments {
  private readonly emission: Emission;
  private readonly builder: FunctionBuilder;
  private readonly stage: ElementwiseStage;
  private readonly place: Place;
  private readonly functions: VectorFunctions;
  /** What has been computed or loaded, by array and shift. */
  private readonly known = new Map<string, Local<'v128'>>();
  private readonly keys = new Map<ScheduledArray, number>();

  constructor(emission: Emission, builder: FunctionBuilder, stage: ElementwiseStage, place: Place) {
    this.emission = emission;
    this.builder = builder;
    this.stage = stage;
    this.place = place;
    this.functions = new VectorFunctions(builder, emission.multiplier);
  }

  write(): void {
    const { assignments } = this.stage;
    for (const [index, assignment] of assignments.entries()) {
      const value = this.assign(assignment);
      const { target } = assignment;
      const isLast = !assignments.slice(index + 1).some((each) => each.target === target);
      if (target.stored && isLast) {
        this.builder.storeLanes(
          this.place.offset,
          value,
          this.place.lanes,
          this.emission.layout.address(target),
        );
      }
    }
  }

  private assign({ target, operation, accumulate }: Contribution<ElementwiseOperation>): Local<'v128'> {
    const operand = { kind: 'array', array: target, shift: 0 } as const;
    const computed = this.compute(operation);
    const value = accumulate ? f32x4.add(this.array(operand), computed) : computed;
    const local = this.builder.keep(value);
    this.known.set(this.key(operand), local);
    return local;
  }

  private compute(operation: ElementwiseOperation): V128 {
    const { functions } = this;
    const read = (operand: ScheduledOperand): V128 => this.operand(operand);
    switch (operation.kind) {
      case 'add':
        return f32x4.add(read(operation.left), read(operation.right));
      case 'subtract':
        return f32x4.subtract(read(operation.left), read(operation.right));
      case 'multiply':
        return f32x4.multiply(read(operation.left), read(operation.right));
      case 'divide':
        return f32x4.divide(read(operation.left), read(operation.right));
      case 'max':
        return f32x4.maximum(read(operation.left), read(operation.right));
      case 'min':
        return f32x4.minimum(read(operation.left), read(operation.right));
      case 'where': {
        const { comparison, left, right } = operation;
        const compare = comparison === 'atLeast' ? f32x4.atLeast : f32x4.greater;
        return v128.and(read(operation.adjoint), compare(read(left), read(right)));
      }
      case 'negate':
        return f32x4.negate(read(operation.operand));
      case 'copy':
        return read(operation.operand);
      case 'function':
        return functions.apply(operation.name, read(operation.operand));
      case 'derivative': {
        const { name, adjoint, input, output } = operation;
        const at = read(derivativeReadsOutput(name) ? output : input);
        return functions.derivative(name, read(adjoint), at, at);
      }
      case 'numbers':
        return v128.load(this.place.offset, this.emission.layout.data.inputNumbers);
      case 'squaredErrorGradient': {
        const { layout } = this.emission;
        const target = v128.load(this.place.offset, layout.data.targetNumbers);
        const scale = this.builder.constant(2 / (layout.predictions * this.stage.size));
        return f32x4.multiply(f32x4.subtract(read(operation.prediction), target), scale);
      }
    }
  }

  private operand(operand: ScheduledOperand): V128 {
    switch (operand.kind) {
      case 'array':
        return this.array(operand);
      case 'parameter': {
        const { values } = this.emission.layout.parameter(operand.layer, operand.name);
        if (operand.size === this.stage.size) return v128.load(this.place.unit, values);
        return v128.loadSplat(i32.constant(values));
      }
      case 'constant':
        return this.builder.constant(operand.value);
    }
  }

  private array(operand: ArrayOperand): V128 {
    const { array, shift } = operand;
    const key = this.key(operand);
    let local = this.known.get(key);
    if (local === undefined) {
      const address = this.emission.layout.address(array, shift);
      local = this.builder.keep(this.load(array, address));
      this.known.set(key, local);
    }
    return local;
  }

  private load({ rows, size }: ScheduledArray, address: number): V128 {
    const { offset, unit, row, step, rowsPerStep } = this.place;
    const isOwn = rows === rowsPerStep;
    if (size !== this.stage.size) {
      return v128.loadSplat(i32.multiply(isOwn ? row : step, bytesPerFloat), address);
    }
    return v128.load(isOwn ? offset : i32.add(i32.multiply(step, size * bytesPerFloat), unit), address);
  }

  private key({ array, shift }: ArrayOperand): string {
    let number = this.keys.get(array);
    if (number === undefined) {
      number = this.keys.size;
      this.keys.set(array, number);
    }
    return `${number} ${shift}`;
  }
}
