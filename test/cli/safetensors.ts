/** Reads safetensors as their specification says, to check what we write. */

export interface ReadTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array;
}

export interface ReadFile {
  readonly tensors: ReadonlyMap<string, ReadTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

interface Entry {
  readonly dtype: string;
  readonly shape: number[];
  readonly data_offsets: [number, number];
}

export function decodeSafetensors(file: Uint8Array): ReadFile {
  const length = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  const { __metadata__: metadata, ...entries } = JSON.parse(
    new TextDecoder().decode(file.subarray(8, 8 + length)),
  );
  // A copy: a Buffer shares its memory with others and need not be aligned.
  const body = Uint8Array.from(file.subarray(8 + length));
  let end = 0;
  const tensors = new Map<string, ReadTensor>();
  for (const [name, { dtype, shape, data_offsets }] of Object.entries(entries as Record<string, Entry>)) {
    const [from, to] = data_offsets;
    const count = shape.reduce((product, size) => product * size, 1);
    if (from !== end || to - from !== 4 * count) throw new Error(`${name} does not fit its place.`);
    end = to;
    const array = { F32: Float32Array, I32: Int32Array }[dtype];
    if (array === undefined) throw new Error(`${name} has type ${dtype}.`);
    tensors.set(name, { shape, data: new array(body.buffer, from, count) });
  }
  if (end !== body.length) throw new Error('Bytes are left over.');
  return { tensors, metadata };
}
