/** Gradients of parameters: one product over all time steps and samples each. */
import type { Tensor } from './binding.ts';
import type { Evaluator, EvaluatorParts } from './evaluator.ts';
import type { Gradient } from './plan/definitions.ts';

/** Writes, or adds to, what the parameter's array of gradients holds. */
export function computeGradient(definition: Gradient, evaluator: Evaluator, parts: EvaluatorParts): void {
  const { gradient } = parts.parameters.array(definition.parameter);
  const computed = parts.operations.read(gradientTensor(definition, evaluator, parts));
  if (!definition.accumulate) return gradient.set(computed);
  for (let index = 0; index < gradient.length; index += 1) gradient[index]! += computed[index]!;
}

function gradientTensor(definition: Gradient, evaluator: Evaluator, parts: EvaluatorParts): Tensor {
  const { operations, constants, parameters, batch, timeSteps, batchSize } = parts;
  const rows = timeSteps * batchSize;
  const [delta, factor] = definition.operands.map((operand) => evaluator.read(operand, 1, timeSteps));
  switch (definition.kind) {
    case 'outer': {
      // Σ over the rows of δ ⊗ v: [T·B, n], [T·B, m] → [n, m].
      const [, columns = 1] = parameters.array(definition.parameter).shape;
      return operations.transposedProduct(delta!, evaluator.spread(factor!, rows, columns));
    }
    case 'sum':
      return operations.apply('Sum', delta!, constants.axis.rows);
    case 'lookup': {
      const [vocabulary = 1] = parameters.array(definition.parameter).shape;
      const tokens = batch.inputTokens(1, timeSteps);
      return operations.apply('UnsortedSegmentSum', delta!, tokens, constants.integer(vocabulary));
    }
  }
}
