import { useEffect, useRef } from 'preact/hooks';
import type { Position } from '../../src/protocol/position.ts';
import { highestLevel } from '../../src/protocol/quantise.ts';
import { colourTable } from '../kit/colour-table.ts';
import { formatNumber, nameOfRole } from '../kit/format.ts';
import { post } from '../kit/host.ts';
import { ColourBar, SpecialColours } from '../kit/legend.tsx';
import { Picture } from '../kit/picture.tsx';
import { theme } from '../kit/theme.ts';
import { useWidth } from '../kit/use-width.ts';
import { type Cell, cellAt, moveCell, pictureHeight } from './grid.ts';
import { definitionOf, explainAveraging, isAveraged, type QuantityPicture, summarise } from './pictures.ts';

interface QuantityHeatmapProps {
  readonly layer: string;
  readonly picture: QuantityPicture;
  readonly position: Position;
  /** The value that is being read. */
  readonly cursor: Cell | undefined;
  readonly onCursor: (cell: Cell | undefined) => void;
  /** Told the picture's width in CSS pixels. */
  readonly onWidth: ((width: number) => void) | undefined;
}

const noCodes = new Uint8Array();

export function QuantityHeatmap(props: QuantityHeatmapProps) {
  const { layer, picture, position, cursor, onCursor, onWidth } = props;
  const frame = useRef<HTMLDivElement>(null);
  const { quantity, computed, content, timeSteps, heatmap } = picture;
  const size = { timeSteps, units: quantity.size };
  const height = pictureHeight(quantity.size);
  const width = useWidth(frame);
  useEffect(() => {
    if (width > 0) onWidth?.(width);
  }, [width, onWidth]);
  const table = colourTable(picture.scheme, theme.value.onDark);
  return (
    <figure
      class="heatmap"
      data-testid="heatmap"
      data-layer={layer}
      data-quantity={quantity.name}
      data-content={content}
      data-filled-from={computed.from}
      data-filled-to={computed.to}
      data-time-steps={timeSteps}
      data-units={quantity.size}
    >
      <figcaption>
        <button
          type="button"
          class="quantity"
          title={`${definitionOf(picture)}. Click to see where it is defined.`}
          onClick={() => post({ kind: 'reveal', layer, quantity: quantity.name })}
        >
          {content === 'adjoint' ? `∂L/∂${quantity.name}` : quantity.name}
        </button>
        <span class="muted">{nameOfRole(quantity.role)}</span>
        {isAveraged(picture) && (
          <span class="muted note" title={explainAveraging(picture)}>
            averaged to fit
          </span>
        )}
      </figcaption>
      {/* biome-ignore lint/a11y/useSemanticElements: no element means "a picture that arrow keys read". */}
      <div
        ref={frame}
        class="grid hatched"
        role="group"
        aria-label={`Read values of ${quantity.name} with the arrow keys`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys read values where a pointer would hover.
        tabIndex={0}
        style={{ height: `${height}px` }}
        onPointerMove={(event) => {
          const { width } = event.currentTarget.getBoundingClientRect();
          onCursor(cellAt(event.offsetX / width, event.offsetY / height, size));
        }}
        onPointerLeave={() => onCursor(undefined)}
        onBlur={() => onCursor(undefined)}
        onKeyDown={(event) => {
          const next = moveCell(event.key, cursor, size, computed);
          if (!next) return;
          event.preventDefault();
          onCursor(next);
        }}
      >
        <Picture
          codes={heatmap?.codes ?? noCodes}
          width={heatmap?.columns ?? 0}
          height={heatmap?.rows ?? 0}
          table={table}
          summary={summarise(picture)}
        />
        {position.t > 0 && <TimeMarker t={position.t} timeSteps={timeSteps} />}
        {cursor && <CellMarker cell={cursor} timeSteps={timeSteps} units={quantity.size} />}
      </div>
      <div class="foot">
        <HeatmapLegend picture={picture} />
        <span class="muted">t 1…{timeSteps}</span>
      </div>
    </figure>
  );
}

function HeatmapLegend({ picture }: { readonly picture: QuantityPicture }) {
  const { scheme, scale, statistics } = picture;
  const table = colourTable(scheme, theme.value.onDark);
  const ends = { low: formatNumber(scale.lower), high: formatNumber(scale.upper) };
  return (
    <span class="legend" title={`${highestLevel + 1} colours; a value that you point at is exact.`}>
      <SpecialColours statistics={[statistics]} />
      {scheme === 'sequential' ? (
        <ColourBar table={table} {...ends} />
      ) : (
        <ColourBar table={table} {...ends} middle="0" />
      )}
    </span>
  );
}

/** Where the debugger stands. */
function TimeMarker({ t, timeSteps }: { readonly t: number; readonly timeSteps: number }) {
  return <div class="time-marker" style={{ left: `${((t - 0.5) / timeSteps) * 100}%` }} />;
}

function CellMarker({
  cell,
  timeSteps,
  units,
}: {
  readonly cell: Cell;
  readonly timeSteps: number;
  readonly units: number;
}) {
  return (
    <div
      class="cell-marker"
      style={{
        left: `${((cell.t - 1) / timeSteps) * 100}%`,
        top: `${(cell.unit / units) * 100}%`,
        width: `${100 / timeSteps}%`,
        height: `${100 / units}%`,
      }}
    />
  );
}
