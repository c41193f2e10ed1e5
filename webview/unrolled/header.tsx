import type { Phase, Position } from '../../src/protocol/position.ts';
import type { RunSnapshot } from '../../src/protocol/webview.ts';
import { Choice, into } from '../kit/choice.tsx';
import { formatNumber, formatPosition, nameOfState } from '../kit/format.ts';
import * as choices from './choices.ts';
import { Toolbar } from './toolbar.tsx';

const phases: readonly Phase[] = ['forward', 'loss', 'backward', 'update'];

/** Where the run stands, and what moves it on. */
export function Header({ snapshot }: { readonly snapshot: RunSnapshot }) {
  const { frame, state, backend } = snapshot;
  const { position, loss, timeSteps } = frame;
  return (
    <header>
      <div class="controls one-line">
        <Toolbar state={state} />
        <strong class="numbers" data-testid="position">
          {formatPosition(position, timeSteps)}
        </strong>
        <span
          class="numbers"
          data-testid="loss"
          title="Mean loss of the iteration, known after its loss phase"
        >
          loss {loss === undefined ? '–' : formatNumber(loss)}
        </span>
        <span class="muted" data-testid="state">
          {nameOfState(state)}
        </span>
        <span class="muted backend" data-testid="backend" title={`${backend.label}. ${backend.reason}`}>
          {backend.label}
        </span>
      </div>
      <div class="controls">
        <ol class="phases" aria-label="Phases of an iteration">
          {phases.map((phase) => (
            <li key={phase} aria-current={phase === position.phase ? 'step' : undefined}>
              {phase}
            </li>
          ))}
        </ol>
        <span class="muted explanation" role="status">
          {explain(position)}
        </span>
      </div>
    </header>
  );
}

/** What has just happened, in one line. */
function explain({ phase, t }: Position): string {
  switch (phase) {
    case 'forward':
      if (t === 0) return 'Ready for the first time step.';
      return t === 1
        ? 'The states of t 1 come from its input and the initial state.'
        : `The states of t ${t} come from its input and the states of t ${t - 1}.`;
    case 'loss':
      return 'The predictions were compared with the targets.';
    case 'backward':
      return `The gradient reached t ${t} on its way back in time.`;
    case 'update':
      return 'The gradients, summed over time, changed the parameters.';
  }
}

/** What colours the nodes, and whose tokens stand beside them. */
export function ViewControls({ batchSize }: { readonly batchSize: number }) {
  return (
    <>
      <Choice
        label="node colour"
        options={[
          { value: 'auto', label: 'auto', title: 'State norms going forward, gradient norms going backward' },
          { value: 'value', label: 'state norm' },
          { value: 'adjoint', label: 'gradient norm' },
        ]}
        selected={choices.nodeColour.value}
        onSelect={into(choices.nodeColour)}
      />
      <label class="sample">
        sample
        <input
          type="number"
          data-testid="sample"
          min={0}
          max={batchSize - 1}
          value={Math.min(choices.sample.value, batchSize - 1)}
          title={`Sample of the batch, 0 to ${batchSize - 1}`}
          onChange={(event) => {
            const index = event.currentTarget.valueAsNumber;
            if (Number.isInteger(index) && index >= 0 && index < batchSize) choices.sample.value = index;
            else event.currentTarget.value = `${choices.sample.value}`;
          }}
        />
      </label>
    </>
  );
}
