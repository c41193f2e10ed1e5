/** Programs as text, one instruction a line: `δh[t-1] += U_iᵀ @ δi.pre`. */
import type { GradientInstruction, Instruction, LayerProgram, Operand, Operation } from './program.ts';

export interface ProgramText {
  readonly forward: readonly string[];
  readonly adjoint: readonly string[];
  readonly gradients: readonly string[];
}

export function programText(layer: LayerProgram): ProgramText {
  return {
    forward: layer.forward.map(instructionText),
    adjoint: layer.adjoint.map(instructionText),
    gradients: layer.gradients.map(gradientText),
  };
}

function instructionText({ out, accumulate, operation }: Instruction): string {
  return `${operandText(out)} ${accumulate ? '+=' : '='} ${operationText(operation)}`;
}

function gradientText(instruction: GradientInstruction): string {
  const delta = operandText(instruction.adjoint);
  const assign = `δ${instruction.parameter} ${instruction.accumulate ? '+=' : '='}`;
  switch (instruction.kind) {
    case 'outer':
      return `${assign} Σ ${delta} ⊗ ${operandText(instruction.operand)}`;
    case 'sum':
      return `${assign} Σ ${delta}`;
    case 'initial':
      return `${assign} Σ ${delta}[t≤0]`;
    case 'lookup':
      return `${assign} Σ onehot(token) ⊗ ${delta}`;
  }
}

function operandText(operand: Operand): string {
  switch (operand.kind) {
    case 'value':
      return operand.name + delayText(operand.delay);
    case 'adjoint':
      return `δ${operand.name}${delayText(operand.delay)}`;
    case 'parameter':
      return operand.name;
    case 'constant':
      return String(operand.value);
  }
}

function delayText(delay: number): string {
  return delay === 0 ? '' : `[t-${delay}]`;
}

const signs = { add: '+', subtract: '-', multiply: '*', divide: '/' } as const;
const comparisons = { atLeast: '≥', above: '>' } as const;

function operationText(operation: Operation): string {
  switch (operation.kind) {
    case 'product':
      return `${operation.matrix}${operation.transposed ? 'ᵀ' : ''} @ ${operandText(operation.operand)}`;
    case 'add':
    case 'subtract':
    case 'multiply':
    case 'divide':
      return `${operandText(operation.left)} ${signs[operation.kind]} ${operandText(operation.right)}`;
    case 'max':
    case 'min':
      return `${operation.kind}(${operandText(operation.left)}, ${operandText(operation.right)})`;
    case 'where': {
      const condition = `${operandText(operation.left)} ${comparisons[operation.comparison]} ${operandText(operation.right)}`;
      return `${operandText(operation.adjoint)} * (${condition})`;
    }
    case 'negate':
      return `-${operandText(operation.operand)}`;
    case 'copy':
      return operandText(operation.operand);
    case 'function':
      return `${operation.name}(${operandText(operation.operand)})`;
    case 'derivative':
      return `${operandText(operation.adjoint)} * ${operation.name}′(${operandText(operation.input)})`;
    case 'reverse':
      return `reverse(${operandText(operation.operand)})`;
    case 'sumUnits':
      return `sum(${operandText(operation.operand)})`;
    case 'concat':
      return `concat(${operation.operands.map(operandText).join(', ')})`;
    case 'slice':
      return `${operandText(operation.operand)}[${operation.first}:${operation.first + operation.size}]`;
    case 'pad':
      return `pad(${operandText(operation.operand)}, first = ${operation.first}, size = ${operation.size})`;
    case 'onehot':
      return 'onehot(token)';
    case 'lookup':
      return `${operation.table}[token]`;
    case 'numbers':
      return 'inputs';
    case 'mask':
      return `mask(rate = ${operation.rate}, each = ${operation.each})`;
    case 'crossEntropy':
      return `-log softmax(${operandText(operation.logits)})[target]`;
    case 'crossEntropyGradient':
      return `(softmax(${operandText(operation.logits)}) - onehot(target)) / (T B)`;
    case 'squaredError':
      return `mean((${operandText(operation.prediction)} - target)²)`;
    case 'squaredErrorGradient':
      return `2 (${operandText(operation.prediction)} - target) / (T B n)`;
  }
}
