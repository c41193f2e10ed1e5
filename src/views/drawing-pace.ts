/** While a run trains, drawing its panels may take one part in so many of the machine. */
const shareOfMachine = 40;
/** Besides what a page measures, its changes are painted by other threads, for about as long again. */
const paintingFactor = 2;
/** However slow the machine, the run is seen to move. */
const mostMilliseconds = 1000;

/**
 * How long a page rests in a free run after a drawing that takes `milliseconds`, one of so many visible ones that share
 * the machine's cores with the training.
 */
export function restAfter(milliseconds: number, panels: number, cores: number): number {
  return Math.min(mostMilliseconds, (milliseconds * paintingFactor * panels * shareOfMachine) / cores);
}
