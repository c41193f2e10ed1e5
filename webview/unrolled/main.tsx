import '../kit/kit.css';
import './icons.css';
import './unrolled.css';
import { mount } from '../kit/mount.tsx';
import { RunGate } from '../kit/run-gate.tsx';
import { announceSample } from './choices.ts';
import { UnrolledPanel } from './panel.tsx';

announceSample();
mount(
  <RunGate promise="This panel shows the network unrolled over time: each time step a column, each layer a row.">
    {(snapshot) => <UnrolledPanel snapshot={snapshot} />}
  </RunGate>,
);
