/** A workload's folder as arrays, for contestants that do not read `.rnn`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileNames, type WorkloadHeader } from './workload-files.ts';

export interface WorkloadNumbers {
  readonly header: WorkloadHeader;
  /** By `layer name`, e.g. `layers.0 W_i`. */
  readonly parameters: ReadonlyMap<string, ParameterNumbers>;
  /** Tokens [T, B], or numbers [T, B, I]. */
  readonly inputs: Int32Array | Float32Array;
  /** Tokens [T, B], or numbers [T, B, I]. */
  readonly targets: Int32Array | Float32Array;
}

export interface ParameterNumbers {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

export function readWorkload(folder: string): WorkloadNumbers {
  const header = JSON.parse(readFileSync(join(folder, fileNames.header), 'utf8')) as WorkloadHeader;
  const all = new Float32Array(bufferOf(folder, fileNames.parameters));
  const parameters = new Map<string, ParameterNumbers>();
  const Entries = header.input === 'numbers' ? Float32Array : Int32Array;
  let offset = 0;
  for (const { name, shape } of header.parameters) {
    const length = shape.reduce((product, size) => product * size, 1);
    parameters.set(name, { shape, values: all.subarray(offset, offset + length) });
    offset += length;
  }
  return {
    header,
    parameters,
    inputs: new Entries(bufferOf(folder, fileNames.inputs)),
    targets: new Entries(bufferOf(folder, fileNames.targets)),
  };
}

function bufferOf(folder: string, name: string): ArrayBuffer {
  return Uint8Array.from(readFileSync(join(folder, name))).buffer;
}
