/** What operations read, and stages write. */
import type {
  ArrayOperand,
  ScheduledArray,
  ScheduledGradient,
  ScheduledOperand,
  ScheduledOperation,
  Stage,
} from './schedule.ts';

/** At least one; all of them have the same rows and the same time steps. */
export function targetsOf(stage: Stage): ScheduledArray[] {
  switch (stage.kind) {
    case 'products':
      return stage.targets.map(({ target }) => target);
    case 'elementwise':
      return stage.assignments.map(({ target }) => target);
    case 'row':
      return [stage.assignment.target];
  }
}

/** The arrays that an operation reads. */
export function readsOf(operation: ScheduledOperation): ArrayOperand[] {
  return operandsOf(operation).filter((operand) => operand.kind === 'array');
}

export function readsOfGradient(gradient: ScheduledGradient): ArrayOperand[] {
  const { adjoint } = gradient;
  if (gradient.kind !== 'outer' || gradient.operand.kind !== 'array') return [adjoint];
  return [adjoint, gradient.operand];
}

/** All that an operation reads; of a derivative what its formula needs. */
export function operandsOf(operation: ScheduledOperation): ScheduledOperand[] {
  switch (operation.kind) {
    case 'add':
    case 'subtract':
    case 'multiply':
    case 'divide':
    case 'max':
    case 'min':
      return [operation.left, operation.right];
    case 'where':
      return [operation.adjoint, operation.left, operation.right];
    case 'concat':
      return [...operation.operands];
    case 'negate':
    case 'copy':
    case 'function':
    case 'softmax':
    case 'sumUnits':
    case 'reverse':
    case 'slice':
    case 'pad':
    case 'diagonal':
    case 'diagonalProduct':
    case 'product':
      return [operation.operand];
    case 'derivative':
      return [operation.adjoint, derivativeReadsOutput(operation.name) ? operation.output : operation.input];
    case 'softmaxDerivative':
      return [operation.adjoint, operation.output];
    case 'crossEntropy':
      return [operation.logits];
    case 'crossEntropyGradient':
      return [operation.probabilities];
    case 'squaredError':
    case 'squaredErrorGradient':
      return [operation.prediction];
    case 'onehot':
    case 'lookup':
    case 'numbers':
      return [];
  }
}

type Derivative = Extract<ScheduledOperation, { kind: 'derivative' }>;

/** Whether f′ is computed from f(x), or from x. */
export function derivativeReadsOutput(name: Derivative['name']): boolean {
  switch (name) {
    case 'sigmoid':
    case 'tanh':
    case 'exp':
    case 'sqrt':
      return true;
    case 'relu':
    case 'softplus':
    case 'log':
    case 'abs':
      return false;
  }
}
