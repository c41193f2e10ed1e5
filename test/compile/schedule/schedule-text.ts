/** A schedule as text, a stage a line. */
import type {
  Contribution,
  Phases,
  ProductTarget,
  ScheduledArray,
  ScheduledOperand,
  ScheduledOperation,
  Stage,
} from '../../../src/compile/schedule/schedule.ts';

export function phasesText({ before, loop, after }: Phases): string[] {
  return [
    ...before.map((stage) => `before: ${stageText(stage)}`),
    ...loop.map((stage) => `loop: ${stageText(stage)}`),
    ...after.map((stage) => `after: ${stageText(stage)}`),
  ];
}

function stageText(stage: Stage): string {
  switch (stage.kind) {
    case 'products':
      return stage.targets.map(targetText).join('; ');
    case 'elementwise':
      return stage.assignments.map(assignmentText).join('; ');
    case 'row':
      return assignmentText(stage.assignment);
  }
}

function targetText({ target, accumulate, bias, terms }: ProductTarget): string {
  const addends = [...(bias === undefined ? [] : [bias.name]), ...terms.map(operationText)];
  return `${arrayText(target)} ${accumulate ? '+=' : '='} ${addends.join(' + ')}`;
}

/** Names in parentheses stay in registers. */
function assignmentText({ target, operation, accumulate }: Contribution): string {
  const name = target.stored ? arrayText(target) : `(${arrayText(target)})`;
  return `${name} ${accumulate ? '+=' : '='} ${operationText(operation)}`;
}

function operationText(operation: ScheduledOperation): string {
  const { kind } = operation;
  const operands = Object.values(operation).filter((each) => typeof each === 'object' && 'kind' in each);
  const texts = operands.map((each) => operandText(each as ScheduledOperand)).join(', ');
  if (kind === 'product') {
    const matrix = `${operation.matrix.name}${operation.transposed ? 'ᵀ' : ''}`;
    return `${operation.negative ? '-' : ''}${matrix} @ ${texts}`;
  }
  if (kind === 'function' || kind === 'derivative') return `${kind} ${operation.name}(${texts})`;
  return `${kind}(${texts})`;
}

function operandText(operand: ScheduledOperand): string {
  switch (operand.kind) {
    case 'array':
      return arrayText(operand.array) + (operand.shift === 0 ? '' : `[${operand.shift}]`);
    case 'parameter':
      return operand.name;
    case 'constant':
      return String(operand.value);
  }
}

function arrayText({ content, name }: ScheduledArray): string {
  return `${content === 'adjoint' ? 'δ' : ''}${name}`;
}
