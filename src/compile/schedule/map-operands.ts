/** Operations over other arrays, or over the same ones at other time steps. */
import type { ArrayOperand, ScheduledOperand, ScheduledOperation } from './schedule.ts';

export function mapOperands(
  operation: ScheduledOperation,
  map: (operand: ArrayOperand) => ArrayOperand,
): ScheduledOperation {
  const any = <Operand extends ScheduledOperand>(operand: Operand): Operand | ArrayOperand =>
    operand.kind === 'array' ? map(operand) : operand;
  switch (operation.kind) {
    case 'add':
    case 'subtract':
    case 'multiply':
    case 'divide':
    case 'max':
    case 'min':
      return { ...operation, left: any(operation.left), right: any(operation.right) };
    case 'where': {
      const { adjoint, left, right } = operation;
      return { ...operation, adjoint: any(adjoint), left: any(left), right: any(right) };
    }
    case 'negate':
    case 'copy':
    case 'function':
      return { ...operation, operand: any(operation.operand) };
    case 'product':
      return { ...operation, operand: any(operation.operand) };
    case 'softmax':
    case 'sumUnits':
    case 'reverse':
    case 'slice':
    case 'pad':
    case 'diagonal':
    case 'diagonalProduct':
      return { ...operation, operand: map(operation.operand) };
    case 'concat':
      return { ...operation, operands: operation.operands.map(map) };
    case 'derivative': {
      const { adjoint, input, output } = operation;
      return { ...operation, adjoint: any(adjoint), input: any(input), output: any(output) };
    }
    case 'softmaxDerivative':
      return { ...operation, adjoint: map(operation.adjoint), output: map(operation.output) };
    case 'crossEntropy':
      return { ...operation, logits: map(operation.logits) };
    case 'crossEntropyGradient':
      return { ...operation, probabilities: map(operation.probabilities) };
    case 'squaredError':
      return { ...operation, prediction: map(operation.prediction) };
    case 'squaredErrorGradient':
      return { ...operation, prediction: any(operation.prediction) };
    case 'onehot':
    case 'lookup':
    case 'numbers':
      return operation;
  }
}

/** All that is read, `steps` time steps later. */
export function later(operation: ScheduledOperation, steps: number): ScheduledOperation {
  return mapOperands(operation, (operand) => ({ ...operand, shift: operand.shift + steps }));
}
