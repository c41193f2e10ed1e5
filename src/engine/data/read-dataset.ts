/** The bytes of a data file → sequences to train on. */
import type { DataSpec } from '../../language/checked-model.ts';
import { readCsv } from './csv.ts';
import { DataError, type Dataset } from './dataset.ts';
import { readText } from './text.ts';

/**
 * @param bytes the content of the file that the `data` block names
 * @throws {DataError} where the file cannot be used as the block says
 */
export function readDataset(spec: DataSpec, bytes: Uint8Array): Dataset {
  const { path } = spec.source;
  if (bytes.length === 0) {
    throw new DataError(`"${path}" is empty. Put the training data into it.`, spec.ranges.path);
  }
  const text = decode(bytes, spec);
  return spec.source.kind === 'text' ? readText(spec, text) : readCsv(spec, spec.source, text);
}

function decode(bytes: Uint8Array, spec: DataSpec): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new DataError(
      `"${spec.source.path}" is not UTF-8: line ${lineOfFirstInvalidByte(bytes)} holds bytes that are no character. ` +
        'Save the file as UTF-8.',
      spec.ranges.path,
    );
  }
}

function lineOfFirstInvalidByte(bytes: Uint8Array): number {
  const lenient = new TextDecoder('utf-8').decode(bytes);
  const before = lenient.slice(0, lenient.indexOf('\uFFFD'));
  return before.split('\n').length;
}
