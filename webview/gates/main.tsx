import '../kit/kit.css';
import './gates.css';
import { mount } from '../kit/mount.tsx';
import { RunGate } from '../kit/run-gate.tsx';
import { announceChoices } from './choices.ts';
import { GatesPanel } from './panel.tsx';

announceChoices();
mount(
  <RunGate promise="This panel shows every gate and state of a layer: time across, units down.">
    {(snapshot) => <GatesPanel snapshot={snapshot} />}
  </RunGate>,
);
