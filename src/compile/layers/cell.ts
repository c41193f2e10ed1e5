/** A recurrent cell as a layer: its equations are the source's. */
import type { CellUse, Shape } from '../../language/checked-model.ts';
import { forwardProgram } from '../forward.ts';
import type { LayerProgram } from '../program.ts';
import { assemble, inputValue, type LayerIdentity } from './layer-builder.ts';

/** @param resolve turns sizes that the data tell into numbers */
export function cellLayer(
  identity: LayerIdentity,
  { cell, recurrentDropout }: CellUse,
  below: LayerProgram,
  resolve: (shape: Shape) => number[],
): LayerProgram {
  const input = inputValue('x', below, identity.source);
  const forward = forwardProgram(cell, input, resolve, recurrentDropout);
  const parameters = cell.parameters.map((parameter) => {
    return { ...parameter, shape: resolve(parameter.shape) };
  });
  return assemble(identity, forward, {
    inputs: new Map([['x', below]]),
    parameters,
    output: cell.output,
  });
}
