import type { Signal } from '@preact/signals';

interface ChoiceProps<T extends string> {
  /** What is chosen, for screen readers and as the group's name. */
  readonly label: string;
  readonly options: readonly { readonly value: T; readonly label: string; readonly title?: string }[];
  readonly selected: T;
  readonly onSelect: (value: T) => void;
}

/** One of a few, side by side: native radio buttons, so that arrow keys move between them. */
export function Choice<T extends string>({ label, options, selected, onSelect }: ChoiceProps<T>) {
  return (
    <fieldset class="choice" data-testid={`choice-${label}`}>
      <legend class="visually-hidden">{label}</legend>
      {options.map((option) => (
        <label key={option.value} title={option.title}>
          <input
            type="radio"
            name={label}
            value={option.value}
            checked={option.value === selected}
            onChange={() => onSelect(option.value)}
          />
          <span>{option.label}</span>
        </label>
      ))}
    </fieldset>
  );
}

/** Binds a choice to a signal. */
export function into<T>(signal: Signal<T>): (value: T) => void {
  return (value) => {
    signal.value = value;
  };
}
