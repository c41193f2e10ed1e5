/** Layers that are not cells. Each of them is as simple as these equations. */
import type { SourceRange } from '../../language/checked-model.ts';
import { maskEquation } from '../forward.ts';
import { functionOperation } from '../functions.ts';
import {
  findParameter,
  type LayerProgram,
  type Operand,
  type Operation,
  type Parameter,
} from '../program.ts';
import { LayerBuilder, type LayerIdentity, outputSize } from './layer-builder.ts';

/** Added to the variance, so that units that are all alike are not divided by 0 (Ba et al. 2016). */
const leastVariance = 1e-5;

/** Where numbers enter a model that reads a table. */
export function numbersLayer(size: number, source: SourceRange): LayerProgram {
  const layer = new LayerBuilder({ id: 'inputs', label: 'inputs', kind: 'numbers', source });
  return layer.build(layer.define('y = inputs', size, { kind: 'numbers' }));
}

export function oneHotLayer(identity: LayerIdentity, size: number): LayerProgram {
  const layer = new LayerBuilder(identity);
  return layer.build(layer.define('y = onehot(token)', size, { kind: 'onehot', size }));
}

export function embedLayer(identity: LayerIdentity, vocabulary: number, size: number): LayerProgram {
  const layer = new LayerBuilder(identity);
  const deviation = 1 / Math.sqrt(size);
  const { name } = layer.parameter('E', [vocabulary, size], { kind: 'normal', deviation });
  return layer.build(layer.define('y = E[token]', size, { kind: 'lookup', table: name }));
}

export function denseLayer(identity: LayerIdentity, below: LayerProgram, size: number): LayerProgram {
  const layer = new LayerBuilder(identity);
  const x = layer.input('x', below);
  const { name: W } = layer.parameter('W', [size, outputSize(below)], { kind: 'glorot' });
  const b = layer.parameter('b', [size], { kind: 'constant', value: 0 });
  const y = layer.define('y = W @ x + b', size, (part) => {
    return { kind: 'add', left: part(productOf(W, x), size), right: b };
  });
  return layer.build(y);
}

/** Press & Wolf (2017): a token's score is how well its row of the table fits. */
export function tieLayer(identity: LayerIdentity, below: LayerProgram, embed: LayerProgram): LayerProgram {
  const layer = new LayerBuilder(identity);
  const x = layer.input('x', below);
  const { name: E } = layer.share('E', embed);
  const [size = 1] = findParameter(embed, E).shape;
  const b = layer.parameter('b', [size], { kind: 'constant', value: 0 });
  const y = layer.define('y = E @ x + b', size, (part) => {
    return { kind: 'add', left: part(productOf(E, x), size), right: b };
  });
  return layer.build(y);
}

export function softmaxLayer(identity: LayerIdentity, below: LayerProgram): LayerProgram {
  const layer = new LayerBuilder(identity);
  const operand = layer.input('x', below);
  const operation: Operation = { kind: 'function', name: 'softmax', operand };
  const program = layer.build(layer.define('y = softmax(x)', outputSize(below), operation));
  // Softmax and cross-entropy are differentiated together, in the loss, where that is numerically stable.
  return { ...program, adjoint: [] };
}

export function linearLayer(identity: LayerIdentity, below: LayerProgram): LayerProgram {
  const layer = new LayerBuilder(identity);
  const operand = layer.input('x', below);
  return layer.build(layer.define('y = x', outputSize(below), { kind: 'copy', operand }));
}

export function layerNormLayer(identity: LayerIdentity, below: LayerProgram): LayerProgram {
  const layer = new LayerBuilder(identity);
  const size = outputSize(below);
  const x = layer.input('x', below);
  const gain = layer.parameter('gain', [size], { kind: 'constant', value: 1 });
  const bias = layer.parameter('bias', [size], { kind: 'constant', value: 0 });
  const meanOf = (operand: Operand): Parameters<typeof functionOperation>[0] => {
    return { name: 'mean', operands: [operand], sizes: [size] };
  };
  const mean = layer.define('mean = mean(x)', 1, (part) => functionOperation(meanOf(x), part));
  const centred = layer.define('centred = x - mean', size, { kind: 'subtract', left: x, right: mean });
  const deviation = layer.define(
    `deviation = sqrt(mean(centred * centred) + ${leastVariance})`,
    1,
    (part) => {
      const squares = part({ kind: 'multiply', left: centred, right: centred }, size);
      const variance = part(functionOperation(meanOf(squares), part), 1);
      const operand = part(
        { kind: 'add', left: variance, right: { kind: 'constant', value: leastVariance } },
        1,
      );
      return { kind: 'function', name: 'sqrt', operand };
    },
  );
  const y = layer.define('y = gain * (centred / deviation) + bias', size, (part) => {
    const normalised = part({ kind: 'divide', left: centred, right: deviation }, size);
    return {
      kind: 'add',
      left: part({ kind: 'multiply', left: gain, right: normalised }, size),
      right: bias,
    };
  });
  return layer.build(y);
}

export function dropoutLayer(identity: LayerIdentity, below: LayerProgram, rate: number): LayerProgram {
  const layer = new LayerBuilder(identity);
  const size = outputSize(below);
  const x = layer.input('x', below);
  const mask = layer.define(maskEquation('mask', rate), size, { kind: 'mask', rate, each: 'step' });
  return layer.build(layer.define('y = x * mask', size, { kind: 'multiply', left: x, right: mask }));
}

/** What it hands on at t = T is the last of its inputs; before, it is the last so far. */
export function lastLayer(identity: LayerIdentity, below: LayerProgram): LayerProgram {
  return linearLayer(identity, below);
}

/** The mean over T steps, reached at t = T. */
export function meanLayer(identity: LayerIdentity, below: LayerProgram, timeSteps: number): LayerProgram {
  const layer = new LayerBuilder(identity);
  const size = outputSize(below);
  const x = layer.input('x', below);
  const before = { kind: 'value', name: 'sum', delay: 1 } as const;
  const sum = layer.define('sum = sum[t-1] + x', size, { kind: 'add', left: before, right: x }, 'state');
  const count = { kind: 'constant', value: timeSteps, name: 'T' } as const;
  return layer.build(layer.define('y = sum / T', size, { kind: 'divide', left: sum, right: count }));
}

/** The sequence from its end to its beginning: not a person's layer, but where one reads backward. */
export function reversalLayer(identity: LayerIdentity, below: LayerProgram): LayerProgram {
  const layer = new LayerBuilder(identity);
  const operand = layer.input('x', below);
  const reversed: Operation = { kind: 'reverse', operand };
  return layer.build(layer.define('y = reverse(x)', outputSize(below), reversed));
}

/** What two cells hand on, that read the sequence from its beginning and from its end. */
export function mergeLayer(
  identity: LayerIdentity,
  below: { readonly forward: LayerProgram; readonly backward: LayerProgram },
  merge: 'concat' | 'sum',
): LayerProgram {
  const layer = new LayerBuilder(identity);
  const forward = layer.input('forward', below.forward);
  const backward = layer.input('backward', below.backward);
  const size = outputSize(below.forward);
  switch (merge) {
    case 'concat': {
      const operands = [forward, backward];
      return layer.build(
        layer.define('y = concat(forward, backward)', 2 * size, { kind: 'concat', operands }),
      );
    }
    case 'sum':
      return layer.build(
        layer.define('y = forward + backward', size, { kind: 'add', left: forward, right: backward }),
      );
  }
}

/** What closes a residual group: what its layers hand on, plus what they receive. */
export function residualLayer(
  identity: LayerIdentity,
  inner: LayerProgram,
  below: LayerProgram,
): LayerProgram {
  const layer = new LayerBuilder(identity);
  const x = layer.input('x', inner);
  const skip = layer.input('skip', below);
  return layer.build(layer.define('y = x + skip', outputSize(below), { kind: 'add', left: x, right: skip }));
}

function productOf(matrix: Parameter['name'], operand: Operand): Operation {
  return { kind: 'product', matrix, transposed: false, operand };
}
