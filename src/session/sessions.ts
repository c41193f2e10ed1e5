import { EventEmitter } from 'node:events';
import type { Failure } from '../protocol/failure.ts';
import { Session } from './session.ts';

interface SessionsEvents {
  /** Another session is the current one, or has become so for the first time. */
  current: [session: Session];
  started: [session: Session];
  changed: [session: Session];
  failed: [session: Session, failure: Failure];
  output: [session: Session, line: string];
}

/** The sessions of a window, one per document, and what all of them have to say. */
export class Sessions extends EventEmitter<SessionsEvents> {
  readonly #sessions = new Map<string, Session>();
  #current: Session | undefined;

  /** What panels and the status bar show: of the documents that have a session, the one looked at last. */
  get current(): Session | undefined {
    return this.#current;
  }

  get(uri: string): Session | undefined {
    return this.#sessions.get(uri);
  }

  /** The document's session, made if need be, which becomes the current one. */
  open(uri: string): Session {
    const session = this.#sessions.get(uri) ?? this.#create(uri);
    this.visit(uri);
    return session;
  }

  /** The user looks at a document: its session, if it has one, becomes the current one. */
  visit(uri: string): void {
    const session = this.#sessions.get(uri);
    if (!session || session === this.#current) return;
    this.#current = session;
    this.emit('current', session);
  }

  /** Ends all engine processes; settles when they are gone. */
  async stopAll(): Promise<void> {
    await Promise.all([...this.#sessions.values()].map((session) => session.stop()));
  }

  #create(uri: string): Session {
    const session = new Session(uri);
    session.on('started', () => this.emit('started', session));
    session.on('changed', () => this.emit('changed', session));
    session.on('failed', (failure) => this.emit('failed', session, failure));
    session.on('output', (line) => this.emit('output', session, line));
    this.#sessions.set(uri, session);
    return session;
  }
}
