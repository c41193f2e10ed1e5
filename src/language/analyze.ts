/** Checks `.rnn` files without an editor: for the engine and the command line. */
import {
  createDefaultCoreModule,
  createDefaultSharedCoreModule,
  EmptyFileSystem,
  inject,
  type LangiumCoreServices,
} from 'langium';
import { cellsOf, checkFile, type ParsedFile, wholeCells } from './check/check-file.ts';
import { type FileCells, importedPaths } from './check/imports.ts';
import type { Analysis } from './checked-model.ts';
import type { File } from './generated/ast.ts';
import { RnnGeneratedModule, RnnGeneratedSharedModule } from './generated/module.ts';
import { importedUri } from './import-place.ts';
import { parserModule } from './parser.ts';

export interface Analyzer {
  /** Never throws, whatever the text; what is wrong with it is in the diagnostics. */
  analyze(uri: string, text: string): Promise<Analysis>;
}

/** The text of a file, which imports need; undefined where there is none. */
export type ReadText = (uri: string) => Promise<string | undefined>;

/** @param prelude the text of prelude.rnn, whose cells every file can use, and where it lies */
export function createAnalyzer(
  prelude: { readonly uri: string; readonly text: string },
  readText: ReadText,
): Analyzer {
  const services = createParserServices();
  const cells = wholeCells(cellsOf(parse(services, prelude.uri, prelude.text)));

  async function importedCells(path: string, importer: string): Promise<[string, FileCells | undefined]> {
    const uri = importedUri(importer, path);
    const text = await readText(uri);
    return [path, text === undefined ? undefined : cellsOf(parse(services, uri, text))];
  }

  return {
    analyze: async (uri, text) => {
      const file = parse(services, uri, text);
      const paths = importedPaths(file.parsed.value);
      const imported = new Map(await Promise.all(paths.map((path) => importedCells(path, uri))));
      const { diagnostics, models } = checkFile(file, cells, imported);
      return { diagnostics, models };
    },
  };
}

/** The parser and what it needs, without an editor. */
export function createParserServices(): LangiumCoreServices {
  const shared = inject(createDefaultSharedCoreModule(EmptyFileSystem), RnnGeneratedSharedModule);
  const services = inject(createDefaultCoreModule({ shared }), RnnGeneratedModule, { parser: parserModule });
  shared.ServiceRegistry.register(services);
  return services;
}

function parse({ parser }: LangiumCoreServices, uri: string, text: string): ParsedFile {
  const parsed = parser.LangiumParser.parse<File>(text);
  return { uri, parsed, tokens: parser.Lexer.tokenize(text).tokens };
}
