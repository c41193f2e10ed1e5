import { effect, type Signal, signal } from '@preact/signals';
import { savedState, saveState } from './host.ts';

/** A choice of the user's that outlives the panel: hidden, moved, or reloaded with its window. */
export function savedSignal<T>(name: string, initial: T, isValid: (value: unknown) => value is T): Signal<T> {
  const stored = savedState()[name];
  const choice = signal<T>(isValid(stored) ? stored : initial);
  effect(() => saveState(name, choice.value));
  return choice;
}

export function oneOf<T extends string>(allowed: readonly T[]): (value: unknown) => value is T {
  return (value): value is T => allowed.some((choice) => choice === value);
}
