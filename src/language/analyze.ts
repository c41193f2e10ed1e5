/** Checks `.rnn` files without an editor: for the engine and the command line. */
import {
  createDefaultCoreModule,
  createDefaultSharedCoreModule,
  EmptyFileSystem,
  inject,
  type LangiumCoreServices,
} from 'langium';
import { BoundedLexer } from './bounded-lexer.ts';
import { cellsOf, checkFile, type ParsedFile } from './check/check-file.ts';
import type { Analysis } from './checked-model.ts';
import type { File } from './generated/ast.ts';
import { RnnGeneratedModule, RnnGeneratedSharedModule } from './generated/module.ts';

export interface Analyzer {
  /** Never throws, whatever the text; what is wrong with it is in the diagnostics. */
  analyze(uri: string, text: string): Promise<Analysis>;
}

/** @param prelude the text of prelude.rnn, whose cells every file can use, and where it lies */
export function createAnalyzer(prelude: { readonly uri: string; readonly text: string }): Analyzer {
  const services = createParserServices();
  const cells = cellsOf(parse(services, prelude.uri, prelude.text));
  return {
    analyze: async (uri, text) => {
      const { diagnostics, model } = checkFile(parse(services, uri, text), cells);
      return { diagnostics, model };
    },
  };
}

function createParserServices(): LangiumCoreServices {
  const shared = inject(createDefaultSharedCoreModule(EmptyFileSystem), RnnGeneratedSharedModule);
  const services = inject(createDefaultCoreModule({ shared }), RnnGeneratedModule, {
    parser: { Lexer: (core: LangiumCoreServices) => new BoundedLexer(core) },
  });
  shared.ServiceRegistry.register(services);
  return services;
}

function parse({ parser }: LangiumCoreServices, uri: string, text: string): ParsedFile {
  const parsed = parser.LangiumParser.parse<File>(text);
  return { uri, parsed, tokens: parser.Lexer.tokenize(text).tokens };
}
