/** Gradients of parameters: one product over all time steps and samples each. */
import type { Tensor } from './binding.ts';
import type { Evaluator, EvaluatorParts } from './evaluator.ts';
import type { InitialStateGradient } from './plan/definitions.ts';
import type { AnyGradient } from './plan/plan.ts';

/** Writes, or adds to, what the parameter's array of gradients holds. */
export function computeGradient(definition: AnyGradient, evaluator: Evaluator, parts: EvaluatorParts): void {
  const { gradient, shape } = parts.parameters.array(definition.parameter);
  const entries = parts.operations.read(gradientTensor(definition, evaluator, parts));
  const computed = definition.kind === 'columns' ? transposed(entries, shape) : entries;
  if (!definition.accumulate) return gradient.set(computed);
  for (let index = 0; index < gradient.length; index += 1) gradient[index]! += computed[index]!;
}

/** In the parameter's shape, but transposed where the gradient is one of columns. */
function gradientTensor(definition: AnyGradient, evaluator: Evaluator, parts: EvaluatorParts): Tensor {
  const { operations, constants, parameters, batch, timeSteps, batchSize } = parts;
  if (definition.kind === 'initial') return initialGradient(definition, evaluator, parts);
  const [rows = 1, columns = 1] = parameters.array(definition.parameter).shape;
  const [delta, factor] = definition.operands.map((operand) => evaluator.read(operand, 1, timeSteps));
  const sumByToken = (vocabulary: number): Tensor => {
    const tokens = batch.inputTokens(1, timeSteps);
    return operations.apply('UnsortedSegmentSum', delta!, tokens, constants.integer(vocabulary));
  };
  switch (definition.kind) {
    case 'outer': {
      // Σ over the rows of δ ⊗ v: [T·B, n], [T·B, m] → [n, m].
      const all = evaluator.spread(factor!, timeSteps * batchSize, columns);
      return operations.product(delta!, all, { left: true, right: false });
    }
    case 'sum':
      return operations.apply('Sum', delta!, constants.axis.rows);
    case 'rows':
      return sumByToken(rows);
    case 'columns':
      return sumByToken(columns);
  }
}

/** Σ over samples of what is owed, and over the units of a state that starts from a scalar. */
function initialGradient(
  { parameter, owed, steps }: InitialStateGradient,
  evaluator: Evaluator,
  { operations, constants, parameters }: EvaluatorParts,
): Tensor {
  const all = evaluator.evaluate(owed, 1, steps);
  const isScalar = parameters.array(parameter).values.length === 1;
  const rows = isScalar ? operations.sumOfRow(all, constants.axis.units) : all;
  return operations.apply('Sum', rows, constants.axis.rows);
}

/** Of a matrix of this shape, whose transpose is given. */
function transposed(entries: Float32Array, [rows = 1, columns = 1]: readonly number[]): Float32Array {
  const result = new Float32Array(entries.length);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      result[row * columns + column] = entries[column * rows + row]!;
    }
  }
  return result;
}
