import { highestLevel } from '../../src/protocol/quantise.ts';
import type { Statistics } from '../../src/protocol/statistics.ts';
import {
  type ColourTable,
  negativeInfinityColour,
  notANumberColour,
  positiveInfinityColour,
} from './colour-table.ts';
import { Picture } from './picture.tsx';

const levels = Uint8Array.from({ length: highestLevel + 1 }, (_, level) => level);
const lowerHalf = levels.subarray(0, highestLevel / 2);
const upperHalf = levels.subarray(highestLevel / 2 + 1);

interface ColourBarProps {
  readonly table: ColourTable;
  readonly low: string;
  /** Splits the bar in its middle, e.g. for zero. */
  readonly middle?: string;
  readonly high: string;
}

export function ColourBar({ table, low, middle, high }: ColourBarProps) {
  return (
    <span class="colour-bar" data-testid="legend">
      <span>{low}</span>
      {middle === undefined ? (
        <Bar levels={levels} table={table} />
      ) : (
        <>
          <Bar levels={lowerHalf} table={table} />
          <span>{middle}</span>
          <Bar levels={upperHalf} table={table} />
        </>
      )}
      <span>{high}</span>
    </span>
  );
}

function Bar({ levels, table }: { readonly levels: Uint8Array; readonly table: ColourTable }) {
  return (
    <span class="bar">
      <Picture codes={levels} width={levels.length} height={1} table={table} summary={undefined} />
    </span>
  );
}

interface SpecialColoursProps {
  readonly statistics: readonly Statistics[];
}

/** Colours of what is not a finite number, shown when there is some. */
export function SpecialColours({ statistics }: SpecialColoursProps) {
  const total = (name: 'notANumber' | 'positiveInfinite' | 'negativeInfinite') =>
    statistics.reduce((sum, each) => sum + each[name], 0);
  const [notANumber, positive, negative] = [
    total('notANumber'),
    total('positiveInfinite'),
    total('negativeInfinite'),
  ];
  return (
    <>
      {notANumber > 0 && <Swatch colour={notANumberColour} text={`NaN: ${notANumber}`} />}
      {positive > 0 && <Swatch colour={positiveInfinityColour} text={`∞: ${positive}`} />}
      {negative > 0 && <Swatch colour={negativeInfinityColour} text={`−∞: ${negative}`} />}
    </>
  );
}

function Swatch({ colour, text }: { readonly colour: string; readonly text: string }) {
  return (
    <span class="swatch">
      <svg width="10" height="10" aria-hidden="true">
        <rect width="10" height="10" fill={colour} />
      </svg>
      {text}
    </span>
  );
}
