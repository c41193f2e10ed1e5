/** Cells as hover and the adjoint view have them: checked, and in no model. */
import { createDefaultCoreModule, createDefaultSharedCoreModule, EmptyFileSystem, inject } from 'langium';
import { cellsOf, wholeCells } from '../../../src/language/check/check-file.ts';
import { standInCell } from '../../../src/language/check/stand-in.ts';
import type { StandInCell } from '../../../src/language/equation-texts.ts';
import type { File } from '../../../src/language/generated/ast.ts';
import { RnnGeneratedModule, RnnGeneratedSharedModule } from '../../../src/language/generated/module.ts';
import { parserModule } from '../../../src/language/parser.ts';

const shared = inject(createDefaultSharedCoreModule(EmptyFileSystem), RnnGeneratedSharedModule);
const services = inject(createDefaultCoreModule({ shared }), RnnGeneratedModule, { parser: parserModule });
shared.ServiceRegistry.register(services);

/** The cells of a file that are right by themselves. */
export function standInsOf(text: string): ReadonlyMap<string, StandInCell> {
  const parsed = services.parser.LangiumParser.parse<File>(text);
  const { tokens } = services.parser.Lexer.tokenize(text);
  const standIns = new Map<string, StandInCell>();
  for (const [name, definition] of wholeCells(cellsOf({ uri: 'file:///cells.rnn', parsed, tokens }))) {
    const standIn = standInCell(definition);
    if (standIn) standIns.set(name, standIn);
  }
  return standIns;
}
