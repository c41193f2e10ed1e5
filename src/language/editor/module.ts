/** Puts the language's editor services together. */
import { DocumentState, inject, type LangiumDocument, type Module, URI, UriUtils } from 'langium';
import {
  createDefaultModule,
  createDefaultSharedModule,
  type DefaultSharedModuleContext,
  type LangiumServices,
  type LangiumSharedServices,
  type PartialLangiumServices,
} from 'langium/lsp';
import type { EquationTexts } from '../equation-texts.ts';
import type { File } from '../generated/ast.ts';
import { RnnGeneratedModule, RnnGeneratedSharedModule } from '../generated/module.ts';
import { parserModule } from '../parser.ts';
import { RnnCodeLensProvider } from './code-lens.ts';
import { RnnCompletionProvider } from './completion/provider.ts';
import { RnnDocumentLinkProvider } from './document-links.ts';
import { FileChecks } from './file-checks.ts';
import { RnnFoldingRangeProvider } from './folding.ts';
import { RnnFormatter } from './formatter.ts';
import { RnnHoverProvider } from './hover/provider.ts';
import { RnnDocumentBuilder } from './imports.ts';
import { RnnInlayHintProvider } from './inlay-hints.ts';
import { RnnLanguageServer } from './language-server.ts';
import { type Prelude, PreludeWorkspaceManager } from './prelude.ts';
import { RnnCodeActionProvider } from './quick-fixes/provider.ts';
import { LazyLinker, NoReferenceDescriptions, RnnReferences } from './references.ts';
import { RnnRenameProvider } from './rename.ts';
import { RnnScopeComputation, RnnScopeProvider } from './scope.ts';
import { RnnSemanticTokenProvider } from './semantic-tokens.ts';
import { RnnSignatureHelpProvider } from './signature-help.ts';
import { RnnDocumentSymbolProvider } from './symbols.ts';
import { type DiagnosticPages, dataFilesOf, RnnDocumentValidator } from './validator.ts';
import { RnnWorkspaceSymbolProvider } from './workspace-symbols.ts';

export interface RnnAddedServices {
  readonly checks: FileChecks;
  readonly prelude: Prelude;
  readonly equations: EquationTexts;
  readonly pages: DiagnosticPages;
}

export type RnnServices = LangiumServices & RnnAddedServices;

function rnnModule(
  prelude: Prelude,
  equations: EquationTexts,
  pages: DiagnosticPages,
): Module<RnnServices, PartialLangiumServices & RnnAddedServices> {
  return {
    prelude: () => prelude,
    equations: () => equations,
    pages: () => pages,
    checks: (services) => new FileChecks(services),
    parser: parserModule,
    references: {
      ScopeComputation: (services) => new RnnScopeComputation(services),
      ScopeProvider: (services) => new RnnScopeProvider(services),
      References: (services) => new RnnReferences(services),
      Linker: (services) => new LazyLinker(services),
    },
    workspace: {
      ReferenceDescriptionProvider: (services) => new NoReferenceDescriptions(services),
    },
    validation: {
      DocumentValidator: (services) => new RnnDocumentValidator(services),
    },
    lsp: {
      CodeActionProvider: (services) => new RnnCodeActionProvider(services),
      CompletionProvider: (services) => new RnnCompletionProvider(services),
      HoverProvider: (services) => new RnnHoverProvider(services),
      DocumentSymbolProvider: () => new RnnDocumentSymbolProvider(),
      RenameProvider: (services) => new RnnRenameProvider(services),
      Formatter: (services) => new RnnFormatter(services),
      FoldingRangeProvider: (services) => new RnnFoldingRangeProvider(services),
      DocumentLinkProvider: (services) => new RnnDocumentLinkProvider(services),
      CodeLensProvider: (services) => new RnnCodeLensProvider(services),
      InlayHintProvider: (services) => new RnnInlayHintProvider(services),
      SignatureHelp: (services) => new RnnSignatureHelpProvider(services),
      SemanticTokenProvider: (services) => new RnnSemanticTokenProvider(services),
    },
  };
}

export function createRnnServices(
  context: DefaultSharedModuleContext,
  prelude: Prelude,
  equations: EquationTexts,
  pages: DiagnosticPages,
) {
  const shared: LangiumSharedServices = inject(createDefaultSharedModule(context), RnnGeneratedSharedModule, {
    lsp: {
      LanguageServer: (services: LangiumSharedServices) => new RnnLanguageServer(services),
      WorkspaceSymbolProvider: (services: LangiumSharedServices) => new RnnWorkspaceSymbolProvider(services),
    },
    workspace: {
      WorkspaceManager: (services: LangiumSharedServices) => new PreludeWorkspaceManager(services, prelude),
      DocumentBuilder: (services: LangiumSharedServices) => new RnnDocumentBuilder(services),
    },
  });
  const rnn: RnnServices = inject(
    createDefaultModule({ shared }),
    RnnGeneratedModule,
    rnnModule(prelude, equations, pages),
  );
  shared.ServiceRegistry.register(rnn);
  recheckWhenDataFilesChange(shared, rnn);
  return { shared, rnn };
}

/** A data file that appears or goes changes the diagnostics of the files that name it. */
function recheckWhenDataFilesChange(shared: LangiumSharedServices, { checks }: RnnServices): void {
  shared.lsp.DocumentUpdateHandler.onWatchedFilesChange(({ changes }) => {
    const changed = changes.map((change) => URI.parse(change.uri));
    const affected = shared.workspace.LangiumDocuments.all
      .filter((document) => document.state >= DocumentState.Linked)
      .filter((document) => {
        const files = dataFilesOf(document, checks.of(document as LangiumDocument<File>));
        return files.some(([file]) => changed.some((uri) => UriUtils.equals(uri, file)));
      })
      .map((document) => document.uri)
      .toArray();
    if (affected.length === 0) return;
    void shared.workspace.WorkspaceLock.write((token) =>
      shared.workspace.DocumentBuilder.update(affected, [], token),
    );
  });
}
