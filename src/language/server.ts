/** The language server's process: speaks LSP over whatever transport its arguments name. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { URI } from 'langium';
import { startLanguageServer } from 'langium/lsp';
import { NodeFileSystem } from 'langium/node';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { createRnnServices } from './editor/module.ts';

const preludePath = join(dirname(process.argv[1]!), 'prelude.rnn');
const prelude = { uri: URI.file(preludePath).toString(), text: readFileSync(preludePath, 'utf8') };

const connection = createConnection(ProposedFeatures.all);
const { shared } = createRnnServices({ connection, ...NodeFileSystem }, prelude);
startLanguageServer(shared);
