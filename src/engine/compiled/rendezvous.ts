/**
 * Where the engine's thread and its helpers meet: a few words of the shared memory. The engine posts one task at a
 * time, all threads do their shares of it, and the engine goes on when the last one has finished.
 */

export type Task =
  /** t = from…to of one of the module's walks. */
  | { readonly kind: 'walk'; readonly walk: number; readonly from: number; readonly to: number }
  | { readonly kind: 'gradients' | 'stop' };

const word = { posted: 0, kind: 1, walk: 2, from: 3, to: 4, finished: 5, present: 6 } as const;
const words = 7;
const kinds = ['walk', 'gradients', 'stop'] as const;

/** Looks before it sleeps: about as long as it takes to be woken. */
const looks = 20_000;

export class Rendezvous {
  private readonly words: Int32Array;
  private seen = 0;

  constructor(memory: WebAssembly.Memory, address: number) {
    this.words = new Int32Array(memory.buffer, address, words);
  }

  /** Helpers that have come so far. */
  get present(): number {
    return Atomics.load(this.words, word.present);
  }

  /** The engine's side: hands a task to all helpers. */
  post(task: Task): void {
    const { words } = this;
    Atomics.store(words, word.finished, 0);
    words[word.kind] = kinds.indexOf(task.kind);
    if (task.kind === 'walk') {
      words[word.walk] = task.walk;
      words[word.from] = task.from;
      words[word.to] = task.to;
    }
    Atomics.add(words, word.posted, 1);
    Atomics.notify(words, word.posted);
  }

  /** The engine's side: returns when `helpers` have finished the posted task. */
  awaitHelpers(helpers: number): void {
    this.waitWhile(word.finished, (finished) => finished < helpers);
  }

  /** A helper's side, before it asks for its first task. Until all have joined nothing is posted but the end. */
  join(): void {
    Atomics.add(this.words, word.present, 1);
  }

  /** A helper's side: sleeps until there is a task that it has not seen. */
  next(): Task {
    const { words } = this;
    this.seen = this.waitWhile(word.posted, (posted) => posted === this.seen);
    const kind = kinds[words[word.kind]!]!;
    switch (kind) {
      case 'walk':
        return { kind, walk: words[word.walk]!, from: words[word.from]!, to: words[word.to]! };
      case 'gradients':
      case 'stop':
        return { kind };
    }
  }

  /** A helper's side. */
  finish(): void {
    Atomics.add(this.words, word.finished, 1);
    Atomics.notify(this.words, word.finished);
  }

  private waitWhile(index: number, isWaiting: (value: number) => boolean): number {
    for (;;) {
      let value = Atomics.load(this.words, index);
      for (let look = 1; look < looks && isWaiting(value); look += 1) {
        value = Atomics.load(this.words, index);
      }
      if (!isWaiting(value)) return value;
      Atomics.wait(this.words, index, value);
    }
  }
}
