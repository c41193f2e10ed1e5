/** The language server's process: `server PRELUDE`, over whatever transport its further arguments name. */
import { readFileSync } from 'node:fs';
import { URI } from 'langium';
import { startLanguageServer } from 'langium/lsp';
import { NodeFileSystem } from 'langium/node';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { createRnnServices } from '../language/editor/module.ts';
import { answerAdjointRequests } from './adjoint-requests.ts';
import { equationTexts } from './equation-texts.ts';

const preludePath = process.argv[2]!;
const prelude = { uri: URI.file(preludePath).toString(), text: readFileSync(preludePath, 'utf8') };

const connection = createConnection(ProposedFeatures.all);
const { shared, rnn } = createRnnServices({ connection, ...NodeFileSystem }, prelude, equationTexts);
answerAdjointRequests(connection, shared, rnn);
startLanguageServer(shared);
