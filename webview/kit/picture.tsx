import { useLayoutEffect, useRef } from 'preact/hooks';
import { type ColourTable, colourPicture } from './colour-table.ts';

interface PictureProps {
  /** [height, width] codes. */
  readonly codes: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly table: ColourTable;
  /** There are more values than pixels for them: neighbours are averaged rather than dropped. */
  readonly averaged?: boolean;
  /** Text for those who don't see the picture; absent for pictures that only decorate. */
  readonly summary: string | undefined;
}

/** One pixel a value; CSS stretches it without smoothing. What is not computed stays transparent. */
export function Picture({ codes, width, height, table, averaged, summary }: PictureProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context || width === 0 || height === 0) return;
    context.putImageData(new ImageData(colourPicture(codes, table), width, height), 0, 0);
  }, [codes, width, height, table]);
  const described =
    summary === undefined ? { 'aria-hidden': true } : { role: 'img' as const, 'aria-label': summary };
  return (
    <canvas
      class={averaged ? 'picture averaged' : 'picture'}
      ref={canvas}
      width={width}
      height={height}
      {...described}
    />
  );
}
