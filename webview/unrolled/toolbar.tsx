import type { RunState } from '../../src/protocol/position.ts';
import { post } from '../kit/host.ts';
import { runButtons } from './run-buttons.ts';

/** Steps and runs, from inside the panel. */
export function Toolbar({ state }: { readonly state: RunState }) {
  return (
    <div class="toolbar" role="toolbar" aria-label="Run">
      {runButtons.map(({ id, icon, label, command, enabledIn }) => (
        <button
          type="button"
          key={id}
          class={`codicon codicon-${icon}`}
          data-testid={`run-${id}`}
          title={label}
          aria-label={label}
          disabled={!enabledIn.includes(state)}
          onClick={() => post({ kind: 'run', command })}
        />
      ))}
    </div>
  );
}
