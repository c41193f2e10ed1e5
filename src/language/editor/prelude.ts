/** The prelude's cells, visible in every file. */
import { DefaultWorkspaceManager, type LangiumDocument, type LangiumSharedCoreServices, URI } from 'langium';

/** Where prelude.rnn lies, so that go-to-definition can open it, and its text. */
export interface Prelude {
  readonly uri: string;
  readonly text: string;
}

/** Loads the prelude and nothing else: a file sees only itself and the prelude, so that the workspace is not searched. */
export class PreludeWorkspaceManager extends DefaultWorkspaceManager {
  /** Finishes the prelude at the start, so that no edit of another file builds it again. */
  override initialBuildOptions = { validation: true };

  private readonly prelude: Prelude;
  private readonly services: LangiumSharedCoreServices;

  constructor(services: LangiumSharedCoreServices, prelude: Prelude) {
    super(services);
    this.services = services;
    this.prelude = prelude;
  }

  protected override async loadAdditionalDocuments(
    _folders: unknown,
    collector: (document: LangiumDocument) => void,
  ): Promise<void> {
    const { LangiumDocumentFactory } = this.services.workspace;
    collector(LangiumDocumentFactory.fromString(this.prelude.text, URI.parse(this.prelude.uri)));
  }

  protected override async traverseFolder(): Promise<void> {}
}
