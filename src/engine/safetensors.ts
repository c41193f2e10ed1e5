/**
 * The safetensors format: eight bytes of header length (little endian), a JSON header that gives every tensor's type,
 * shape and place, then the tensors' bytes, little endian, without gaps.
 */

export interface NamedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array;
}

interface HeaderEntry {
  readonly dtype: 'F32' | 'I32';
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

export function encodeSafetensors(
  tensors: readonly NamedTensor[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const entries: Record<string, HeaderEntry | Readonly<Record<string, string>>> = { __metadata__: metadata };
  let size = 0;
  for (const { name, shape, data } of tensors) {
    const dtype = data instanceof Float32Array ? 'F32' : 'I32';
    entries[name] = { dtype, shape, data_offsets: [size, size + data.byteLength] };
    size += data.byteLength;
  }
  const header = alignedHeader(entries);
  const file = new Uint8Array(8 + header.length + size);
  new DataView(file.buffer).setBigUint64(0, BigInt(header.length), true);
  file.set(header, 8);
  let offset = 8 + header.length;
  for (const { data } of tensors) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
    offset += data.byteLength;
  }
  return file;
}

/** Readers map tensors into memory: they want them at multiples of eight bytes. */
function alignedHeader(entries: object): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(entries));
  const header = new Uint8Array(Math.ceil(json.length / 8) * 8).fill(0x20);
  header.set(json);
  return header;
}
