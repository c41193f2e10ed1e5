import {
  highestLevel,
  negativeInfinityCode,
  notANumberCode,
  notComputedCode,
  positiveInfinityCode,
} from '../../src/protocol/quantise.ts';

/** One packed colour per code, as ImageData keeps it in memory: red in the lowest byte, alpha in the highest. */
export type ColourTable = Uint32Array;

/** Of values from small to large; `diverging` has a quiet zero that sinks into the background. */
export type ColourScheme = 'sequential' | 'diverging';

type Colour = readonly [red: number, green: number, blue: number];

const viridis = '440154 482475 414487 355f8d 2a788e 21918c 22a884 44bf70 7ad151 bddf26 fde725';
/** Negative blue, positive orange: told apart with every common colour blindness. */
const divergingOnLight = '08306b 2a6fb0 7fb2dc f4f4f2 f3b97a d07a1b 7f3b08';
const divergingOnDark = 'a6d4ff 4a97dc 235684 1f1f1f 84501a df8f2e ffd79a';

export const notANumberColour = '#e83ea8';
export const positiveInfinityColour = '#ff2a2a';
export const negativeInfinityColour = '#00d5e0';

/** `onDark`: whether the editor's background is dark. */
export function colourTable(scheme: ColourScheme, onDark: boolean): ColourTable {
  const key = scheme === 'sequential' ? 'sequential' : onDark ? 'divergingOnDark' : 'divergingOnLight';
  return tables[key];
}

export function cssColour(table: ColourTable, code: number): string {
  const packed = table[code]!;
  return `rgb(${packed & 255}, ${(packed >> 8) & 255}, ${(packed >> 16) & 255})`;
}

/** Codes to ImageData's bytes. */
export function colourPicture(codes: Uint8Array, table: ColourTable): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint32Array(codes.length);
  for (let index = 0; index < codes.length; index++) pixels[index] = table[codes[index]!]!;
  return new Uint8ClampedArray(pixels.buffer);
}

const tables = {
  sequential: buildTable(viridis),
  divergingOnDark: buildTable(divergingOnDark),
  divergingOnLight: buildTable(divergingOnLight),
};

function buildTable(anchorList: string): ColourTable {
  const anchors = anchorList.split(' ').map(parseColour);
  const table = new Uint32Array(256);
  for (let level = 0; level <= highestLevel; level++) {
    table[level] = pack(interpolate(anchors, level / highestLevel));
  }
  table[negativeInfinityCode] = pack(parseColour(negativeInfinityColour.slice(1)));
  table[positiveInfinityCode] = pack(parseColour(positiveInfinityColour.slice(1)));
  table[notANumberCode] = pack(parseColour(notANumberColour.slice(1)));
  table[notComputedCode] = 0;
  return table;
}

function interpolate(anchors: readonly Colour[], position: number): Colour {
  const scaled = position * (anchors.length - 1);
  const index = Math.min(Math.floor(scaled), anchors.length - 2);
  const share = scaled - index;
  const mix = (channel: 0 | 1 | 2) =>
    Math.round(anchors[index]![channel] * (1 - share) + anchors[index + 1]![channel] * share);
  return [mix(0), mix(1), mix(2)];
}

function parseColour(hex: string): Colour {
  const value = Number.parseInt(hex, 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

function pack([red, green, blue]: Colour): number {
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}
