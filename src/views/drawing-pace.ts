/** While a run trains, drawing its panels may take one part in so many of the machine. */
const shareOfMachine = 30;
/** Measured in VS Code: with messages and painting, the machine works so many times as long as the page's own script. */
const workFactor = 4;
/** However slow the machine, the run is seen to move. */
const mostMilliseconds = 2000;

/**
 * How long a page rests in a free run after a drawing that takes `milliseconds`, one of so many visible ones that share
 * the machine's cores with the training.
 */
export function restAfter(milliseconds: number, panels: number, cores: number): number {
  return Math.min(mostMilliseconds, (milliseconds * workFactor * panels * shareOfMachine) / cores);
}
