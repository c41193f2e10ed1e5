import '../kit/kit.css';
import { mount } from '../kit/mount.tsx';
import { RunGate } from '../kit/run-gate.tsx';
import { TrainingPanel } from './panel.tsx';

mount(
  <RunGate promise="This panel shows the loss and the gradient norm of every iteration.">
    {(snapshot) => <TrainingPanel snapshot={snapshot} />}
  </RunGate>,
);
