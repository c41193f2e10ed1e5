/** What a person sees in the panels, as numbers. */
import type { Frame } from 'playwright-core';

/** Where the Unrolled panel says that the run stands: `iteration 3 · backward · t 17/50`. */
export async function positionIn(unrolled: Frame): Promise<string> {
  return (await unrolled.getByTestId('position').innerText()).trim();
}

/** The time steps (from 1) whose column of a gate's heatmap has colour, as painted. */
export async function colouredSteps(gates: Frame, quantity: string): Promise<number[]> {
  return await gates.locator(`[data-quantity="${quantity}"] canvas[role=img]`).evaluate((element) => {
    const canvas = element as HTMLCanvasElement;
    const { width, height } = canvas;
    const pixels = canvas.getContext('2d')!.getImageData(0, 0, width, height).data;
    const isOpaque = (row: number, column: number) => pixels[4 * (row * width + column) + 3]! > 0;
    const rows = Array.from({ length: height }, (_, row) => row);
    const columns = Array.from({ length: width }, (_, column) => column);
    return columns.filter((column) => rows.every((row) => isOpaque(row, column))).map((column) => column + 1);
  });
}

/** How far a chart's curves reach, as painted: the first and the last column of pixels that hold a curve's colour. */
export async function inkIn(
  panel: Frame,
  chart: string,
): Promise<{ left: number; right: number } | undefined> {
  return await panel.getByTestId(chart).evaluate((element) => {
    const canvas = element as HTMLCanvasElement;
    const { width, height } = canvas;
    const pixels = canvas.getContext('2d')!.getImageData(0, 0, width, height).data;
    const inked = new Set<number>();
    for (let pixel = 0; pixel < width * height; pixel++) {
      const [red, green, blue, alpha] = pixels.subarray(4 * pixel, 4 * pixel + 4);
      // Axes and labels are grey; curves are not.
      const saturation = Math.max(red!, green!, blue!) - Math.min(red!, green!, blue!);
      if (alpha! > 128 && saturation > 60) inked.add(pixel % width);
    }
    return inked.size === 0 ? undefined : { left: Math.min(...inked), right: Math.max(...inked) };
  });
}

/** The rows of the table behind a chart: its first column, and the values of the others. */
export async function rowsOf(panel: Frame, table: string): Promise<{ title: number; values: number[] }[]> {
  return await panel
    .getByTestId(table)
    .locator('tbody tr')
    .evaluateAll((rows) =>
      rows.map((row) => ({
        title: Number(row.querySelector('th')?.textContent),
        values: [...row.querySelectorAll('td')].map((cell) => Number(cell.getAttribute('data-value'))),
      })),
    );
}
