/** What the server answers beyond the services that Langium knows. */
import { DocumentState } from 'langium';
import { createRequestHandler, DefaultLanguageServer } from 'langium/lsp';
import type {
  InitializeParams,
  InitializeResult,
  LinkedEditingRangeParams,
  LinkedEditingRanges,
  SelectionRange,
  SelectionRangeParams,
} from 'vscode-languageserver';
import { linkedRanges } from './linked-editing.ts';
import { selectionRanges } from './selection-ranges.ts';

export class RnnLanguageServer extends DefaultLanguageServer {
  override initialize(params: InitializeParams): Promise<InitializeResult> {
    const { services } = this;
    const connection = services.lsp.Connection;
    connection?.onSelectionRanges(
      createRequestHandler<SelectionRangeParams, SelectionRange[]>(
        (_, document, { positions }) => selectionRanges(document, positions),
        services,
        DocumentState.Parsed,
      ),
    );
    connection?.languages.onLinkedEditingRange(
      createRequestHandler<LinkedEditingRangeParams, LinkedEditingRanges>(
        (rnn, document, { position }) => linkedRanges(document, position, rnn),
        services,
        DocumentState.IndexedReferences,
      ),
    );
    return super.initialize(params);
  }

  protected override buildInitializeResult(params: InitializeParams): InitializeResult {
    const { capabilities, ...result } = super.buildInitializeResult(params);
    return {
      ...result,
      capabilities: { ...capabilities, selectionRangeProvider: true, linkedEditingRangeProvider: true },
    };
  }
}
