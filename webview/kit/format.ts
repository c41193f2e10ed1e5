import type { HeatmapContent } from '../../src/protocol/frame.ts';
import type { QuantityRole } from '../../src/protocol/network.ts';
import type { Position, RunState } from '../../src/protocol/position.ts';

/** Four significant digits; three with a power of ten outside of 10⁻³…10⁵. */
export function formatNumber(value: number): string {
  if (value === Infinity) return '∞';
  if (value === -Infinity) return '−∞';
  if (Number.isNaN(value) || value === 0) return `${value}`;
  const magnitude = Math.abs(value);
  const text =
    magnitude >= 1e-3 && magnitude < 1e5 ? `${Number(magnitude.toPrecision(4))}` : exponential(magnitude);
  return value < 0 ? `−${text}` : text;
}

/** `2.79e−11`, and `8e−4` rather than `8.00e−4`. */
function exponential(magnitude: number): string {
  const [digits, exponent] = magnitude.toExponential(2).split('e');
  return `${Number(digits)}e${exponent!.replace('+', '').replace('-', '−')}`;
}

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** `10⁻³`, and `1` and `10` as they are. */
export function formatPowerOfTen(exponent: number): string {
  if (exponent === 0) return '1';
  if (exponent === 1) return '10';
  const digits = [...`${Math.abs(exponent)}`].map((digit) => superscripts[Number(digit)]).join('');
  return `10${exponent < 0 ? '⁻' : ''}${digits}`;
}

/** `iteration 3 · backward · t 17/50`; loss and update have no time. */
export function formatPosition({ iteration, phase, t }: Position, timeSteps: number): string {
  switch (phase) {
    case 'forward':
    case 'backward':
      return `iteration ${iteration} · ${phase} · t ${t}/${timeSteps}`;
    case 'loss':
    case 'update':
      return `iteration ${iteration} · ${phase}`;
  }
}

/** `hₜ`, or `∂L/∂hₜ` for its adjoint. */
export function symbolOf(quantity: string, content: HeatmapContent): string {
  switch (content) {
    case 'value':
      return `${quantity}ₜ`;
    case 'adjoint':
      return `∂L/∂${quantity}ₜ`;
  }
}

export function normSymbolOf(quantity: string, content: HeatmapContent): string {
  return `‖${symbolOf(quantity, content)}‖`;
}

/** The definition behind a norm on screen. */
export function defineNorm(quantity: string, content: HeatmapContent): string {
  const norm = `${normSymbolOf(quantity, content)}: Frobenius norm over batch and units`;
  switch (content) {
    case 'value':
      return norm;
    case 'adjoint':
      return `${norm}, L = mean loss of the iteration`;
  }
}

export function nameOfRole(role: QuantityRole): string {
  return role === 'preActivation' ? 'pre-activation' : role;
}

export function nameOfContent(content: HeatmapContent): string {
  switch (content) {
    case 'value':
      return 'activations';
    case 'adjoint':
      return 'gradients';
  }
}

export function nameOfState(state: RunState): string {
  switch (state) {
    case 'starting':
      return 'starting';
    case 'paused':
      return 'paused';
    case 'running':
      return 'training';
    case 'finished':
      return 'finished';
    case 'failed':
      return 'failed';
    case 'stopped':
      return 'stopped';
  }
}
