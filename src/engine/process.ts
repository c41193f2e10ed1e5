/** The engine process: a child of the extension host that trains, so that the editor never waits and never crashes. */
import { createAnalyzer } from '../language/analyze.ts';
import type { EngineCommand } from '../protocol/engine.ts';
import { Controller } from './controller.ts';
import { installationOf } from './installation.ts';
import { readText } from './read-text.ts';

const { prelude, places } = installationOf(process.argv[1]!);
const analyzer = createAnalyzer(prelude, readText);

const controller = new Controller({
  analyze: (uri, text) => analyzer.analyze(uri, text),
  places,
  send: (event) => process.send?.(event),
});

process.on('message', (command: EngineCommand) => void controller.receive(command));
// Without its host nobody is left to see anything.
process.on('disconnect', () => process.exit(0));
