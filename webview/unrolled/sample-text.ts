import type { Frame } from '../../src/protocol/frame.ts';
import type { NetworkDescription } from '../../src/protocol/network.ts';
import { formatNumber } from '../kit/format.ts';

/** What stands under and over a time step. */
export interface StepTexts {
  readonly input: string | undefined;
  readonly target: string | undefined;
  readonly prediction: string | undefined;
  readonly comparison: Comparison | undefined;
}

/** `≠` and `=` for tokens; the signed difference for numbers. */
export interface Comparison {
  readonly kind: 'match' | 'mismatch' | 'difference';
  readonly text: string;
}

export function textsAt(frame: Frame, loss: NetworkDescription['loss'], t: number): StepTexts {
  const { sample } = frame;
  const input = sample?.inputs[t - 1];
  const target = sample?.targets[t - 1];
  const prediction = t <= frame.forwardThrough ? sample?.predictions[t - 1] : undefined;
  return {
    input: input === undefined ? undefined : shorten(input),
    target: target === undefined ? undefined : shorten(target),
    prediction: prediction === undefined ? undefined : shorten(prediction),
    comparison:
      target === undefined || prediction === undefined ? undefined : compare(prediction, target, loss),
  };
}

function compare(prediction: string, target: string, loss: NetworkDescription['loss']): Comparison {
  switch (loss) {
    case 'cross_entropy':
      return prediction === target ? { kind: 'match', text: '=' } : { kind: 'mismatch', text: '≠' };
    case 'mse': {
      const difference = Number(prediction) - Number(target);
      // Several target columns are written as one text; their differences don't fit over a step.
      if (Number.isNaN(difference)) return { kind: 'difference', text: '' };
      return { kind: 'difference', text: `${difference > 0 ? '+' : ''}${formatRounded(difference)}` };
    }
  }
}

const invisible: Readonly<Record<string, string>> = { ' ': '␣', '\n': '⏎', '\t': '⇥', '\r': '␍', '': 'ε' };
const mostCharacters = 6;

/** Makes white space visible, numbers short and long tokens end in an ellipsis. */
export function shorten(text: string): string {
  const visible = invisible[text] ?? text;
  if (visible.length <= mostCharacters) return visible.replace(/^-(?=\d)/, '−');
  const number = Number(visible);
  if (!Number.isNaN(number)) return formatRounded(number);
  return `${[...visible].slice(0, mostCharacters - 1).join('')}…`;
}

function formatRounded(value: number): string {
  return formatNumber(Number(value.toPrecision(3)));
}
