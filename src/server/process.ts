/**
 * The language server's process: `server PRELUDE PAGES`, over whatever transport its further arguments name. PAGES is the
 * folder with a page for each code of a diagnostic.
 */
import { readFileSync } from 'node:fs';
import { URI } from 'langium';
import { startLanguageServer } from 'langium/lsp';
import { NodeFileSystem } from 'langium/node';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { createRnnServices } from '../language/editor/module.ts';
import { answerAdjointRequests } from './adjoint-requests.ts';
import { equationTexts } from './equation-texts.ts';

const [preludePath, pagesPath] = process.argv.slice(2) as [string, string];
const prelude = { uri: URI.file(preludePath).toString(), text: readFileSync(preludePath, 'utf8') };

const connection = createConnection(ProposedFeatures.all);
const { shared, rnn } = createRnnServices({ connection, ...NodeFileSystem }, prelude, equationTexts, {
  uri: URI.file(pagesPath).toString(),
});
answerAdjointRequests(connection, shared, rnn);
startLanguageServer(shared);
