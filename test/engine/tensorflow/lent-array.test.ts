/** TensorFlow works on an array's own memory where it can, and on copies where it cannot; nobody sees which. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { loadTensorFlow } from '../../../src/engine/backend.ts';
import { bindingOf } from '../../../src/engine/tensorflow/binding.ts';
import { Constants } from '../../../src/engine/tensorflow/constants.ts';
import { LentArray } from '../../../src/engine/tensorflow/lent-array.ts';
import { RawOperations } from '../../../src/engine/tensorflow/raw-operations.ts';
import { backendNames, places } from '../../support/engine.ts';
import { skipWithoutNativeTensorFlow } from '../../support/needs.ts';

const skip = skipWithoutNativeTensorFlow(backendNames.includes('tensorflow'));

const [timeSteps, batchSize, size] = [5, 2, 3];
const stepLength = batchSize * size;

for (const byteOffset of [0, 64, 4, 16]) {
  test(`an array ${byteOffset} bytes into shared memory is read and written`, { skip }, () => {
    const binding = bindingOf(loadTensorFlow(places));
    const [lasting, operations] = [new RawOperations(binding), new RawOperations(binding)];
    const { buffer } = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
    const data = new Float32Array(buffer, byteOffset, timeSteps * stepLength);
    const around = new Float32Array(buffer);
    const expected = Float32Array.from(data, (_, index) => index / 8);
    data.set(expected);
    const constants = new Constants(lasting);
    const array = new LentArray({ data, timeSteps, batchSize, size, constants, lasting, operations });
    assert.deepEqual(data, expected, 'lending changes nothing');

    assert.deepEqual(operations.read(array.read(2, 4)), expected.slice(stepLength, 4 * stepLength));

    const block = Float32Array.from({ length: 3 * stepLength }, (_, index) => 100 + index);
    array.writeBlock(2, 4, operations.numbers([3 * batchSize, size], block));
    expected.set(block, stepLength);
    assert.deepEqual(data, expected);

    const steps = [3, 4, 5].map((t) => new Float32Array(stepLength).fill(-t));
    array.writeSteps(
      3,
      steps.map((step) => operations.numbers([batchSize, size], step)),
    );
    for (const [index, step] of steps.entries()) expected.set(step, (index + 2) * stepLength);
    assert.deepEqual(data, expected);
    assert.deepEqual(operations.read(array.read(1, 5)), expected);

    array.writeSteps(1, [operations.numbers([batchSize, size], steps[0]!)]);
    expected.set(steps[0]!);
    assert.deepEqual(data, expected);

    const outside = around.filter(
      (_, index) => index < byteOffset / 4 || index >= byteOffset / 4 + data.length,
    );
    assert.ok(outside.every((entry) => entry === 0));
    operations.dispose();
    lasting.dispose();
  });
}
