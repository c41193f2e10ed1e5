import '../kit/kit.css';
import { mount } from '../kit/mount.tsx';
import { RunGate } from '../kit/run-gate.tsx';
import { GradientFlowPanel } from './panel.tsx';

mount(
  <RunGate promise="This panel shows the size of each state's gradient at every time step, so that you see where it vanishes or explodes.">
    {(snapshot) => <GradientFlowPanel snapshot={snapshot} />}
  </RunGate>,
);
