/** Making a frame may take one part in so many of a free run's time. */
const shareOfTime = 40;
/** Milliseconds between the ends of two frames: people see no more of them… */
const leastOfPictures = 50;
/** … read numbers no faster… */
const leastOfNumbers = 250;
/** … and want to see the run move. */
const most = 2000;

/**
 * When a free run shows itself: training waits while a frame is made, so that the next one comes the later the longer
 * that took, and never before the last one has arrived, so that nothing queues up.
 */
export class FramePacer {
  readonly #now: () => number;
  #arrived = true;
  #next = Number.NEGATIVE_INFINITY;

  /** `now` tells milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  get isDue(): boolean {
    return this.#arrived && this.#now() >= this.#next;
  }

  /** A frame is wanted as soon as the last one has arrived: a run begins, or something else is watched. */
  hurry(): void {
    this.#next = Number.NEGATIVE_INFINITY;
  }

  /** Makes a frame, with pictures or of the run's numbers alone, that has to be answered by `arrived`. */
  send(hasPictures: boolean, makeAndSend: () => void): void {
    const started = this.#now();
    this.#arrived = false;
    makeAndSend();
    const ended = this.#now();
    const least = hasPictures ? leastOfPictures : leastOfNumbers;
    this.#next = ended + Math.min(most, Math.max(least, shareOfTime * (ended - started)));
  }

  arrived(): void {
    this.#arrived = true;
  }
}
