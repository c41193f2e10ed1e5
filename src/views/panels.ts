import { availableParallelism } from 'node:os';
import { basename } from 'node:path/posix';
import * as vscode from 'vscode';
import type { GatesWatch } from '../protocol/frame.ts';
import type { FromWebview, PanelName, RunCommand } from '../protocol/webview.ts';
import type { Session } from '../session/session.ts';
import type { Sessions } from '../session/sessions.ts';
import type { ViewNeeds } from '../session/watches.ts';
import { presentPlace, revealSource } from './documents.ts';
import { restAfter } from './drawing-pace.ts';
import { PanelFeed } from './panel-feed.ts';
import { panelHtml, resourceRoots } from './panel-html.ts';
import { parseFromWebview } from './panel-messages.ts';

const unrolledType = 'unroll.unrolled';
const sideViews = {
  gates: 'unroll.gates',
  gradientFlow: 'unroll.gradientFlow',
  training: 'unroll.training',
} as const;

interface OpenPanel {
  readonly host: vscode.WebviewPanel | vscode.WebviewView;
  /** There while the panel is visible and its script runs: what is hidden gets nothing. */
  feed: PanelFeed | undefined;
}

interface PanelsOptions {
  readonly extensionUri: vscode.Uri;
  readonly sessions: Sessions;
  readonly log: vscode.LogOutputChannel;
  readonly run: (command: RunCommand) => void;
}

/** The webviews: what they show is the current session, and what is visible of it is all that the engine reports. */
export class Panels {
  readonly #options: PanelsOptions;
  readonly #open = new Map<PanelName, OpenPanel>();
  #watched: Session | undefined;
  #sideBarShown = false;
  /** Until the Gates panel has made a choice. */
  #gates: GatesWatch = {
    layer: 'layers.0',
    show: 'value',
    of: 'batchMean',
    preActivations: false,
    pixels: { across: 512, down: 128 },
  };
  #sample = 0;

  constructor(options: PanelsOptions) {
    this.#options = options;
    const { sessions } = options;
    sessions.on('current', () => {
      this.#nameRun();
      this.#updateWatch();
      this.#refresh();
    });
    sessions.on('started', () => this.#showOnStart());
    sessions.on('changed', (session) => {
      if (session === sessions.current) this.#refresh();
    });
  }

  get #feeds(): PanelFeed[] {
    return [...this.#open.values()].flatMap(({ feed }) => feed ?? []);
  }

  get #unrolled(): vscode.WebviewPanel | undefined {
    return this.#open.get('unrolled')?.host as vscode.WebviewPanel | undefined;
  }

  /** Registers the views and what brings the Unrolled panel back after a reload of the window. */
  register(): vscode.Disposable {
    const views = Object.entries(sideViews).map(([panel, id]) =>
      vscode.window.registerWebviewViewProvider(id, {
        resolveWebviewView: (view) => this.#attach(panel as keyof typeof sideViews, view),
      }),
    );
    const serializer = vscode.window.registerWebviewPanelSerializer(unrolledType, {
      deserializeWebviewPanel: async (panel) => this.#attach('unrolled', panel),
    });
    return vscode.Disposable.from(...views, serializer);
  }

  /** Brings the unrolled network to the front, beside the editor, without taking the focus. */
  showUnrolled(): void {
    const open = this.#unrolled;
    if (open) {
      if (!open.visible) open.reveal(undefined, true);
      return;
    }
    const panel = vscode.window.createWebviewPanel(unrolledType, vscode.l10n.t('Unrolled Network'), {
      viewColumn: vscode.ViewColumn.Beside,
      preserveFocus: true,
    });
    const icon = (name: string) => vscode.Uri.joinPath(this.#options.extensionUri, 'media', name);
    panel.iconPath = { light: icon('unroll-light.svg'), dark: icon('unroll-dark.svg') };
    this.#attach('unrolled', panel);
    this.#nameRun();
  }

  /** Says in the Unrolled panel's title whose network it is. */
  #nameRun(): void {
    const { current } = this.#options.sessions;
    const panel = this.#unrolled;
    if (panel && current)
      panel.title = vscode.l10n.t('Unrolled: {0}', basename(vscode.Uri.parse(current.uri).path));
  }

  /** The side bar is opened once a window; after that the layout is the user's own. */
  #showOnStart(): void {
    this.showUnrolled();
    if (this.#sideBarShown) return;
    this.#sideBarShown = true;
    void vscode.commands.executeCommand(`${sideViews.gates}.focus`, { preserveFocus: true });
  }

  #attach(name: PanelName, host: vscode.WebviewPanel | vscode.WebviewView): void {
    const { extensionUri, sessions, log } = this.#options;
    const { webview } = host;
    const panel: OpenPanel = { host, feed: undefined };
    this.#open.set(name, panel);
    webview.onDidReceiveMessage((raw: unknown) => {
      const parsed = parseFromWebview(raw);
      if ('problem' in parsed) {
        log.warn(`The ${name} panel sent a message that is not one: ${parsed.problem}`);
      } else if (parsed.message.kind === 'ready') {
        panel.feed?.dispose();
        panel.feed = new PanelFeed({
          panel: name,
          snapshot: () => sessions.current?.snapshot,
          post: (message) => webview.postMessage(message),
          restAfter: (milliseconds) => restAfter(milliseconds, this.#feeds.length, availableParallelism()),
          setBusy: (isBusy) => sessions.current?.setBusy(name, isBusy),
        });
        void panel.feed.refresh();
      } else if (parsed.message.kind === 'painted') {
        panel.feed?.painted(parsed.message.milliseconds);
      } else this.#receive(parsed.message);
    });
    const visibilityChanged = () => {
      // A hidden page is thrown away; the script of the one that replaces it says `ready` again.
      if (!host.visible) dropFeed(panel);
      this.#updateWatch();
    };
    if ('onDidChangeVisibility' in host) host.onDidChangeVisibility(visibilityChanged);
    else host.onDidChangeViewState(visibilityChanged);
    host.onDidDispose(() => {
      dropFeed(panel);
      if (this.#open.get(name) === panel) this.#open.delete(name);
      this.#updateWatch();
    });
    webview.options = { enableScripts: true, localResourceRoots: resourceRoots(extensionUri) };
    webview.html = panelHtml(name, webview, extensionUri);
    this.#updateWatch();
  }

  #receive(message: Exclude<FromWebview, { kind: 'ready' | 'painted' }>): void {
    switch (message.kind) {
      case 'run':
        this.#options.run(message.command);
        break;
      case 'watchGates':
        this.#gates = message.gates;
        this.#updateWatch();
        break;
      case 'read':
        this.#options.sessions.current?.read(message.cell);
        break;
      case 'watchSample':
        this.#sample = message.sample;
        this.#updateWatch();
        break;
      case 'reveal':
        this.#reveal(message.layer, message.quantity);
        break;
    }
  }

  #reveal(layerId: string, quantityName: string | undefined): void {
    const { current } = this.#options.sessions;
    const layers = current?.snapshot?.network.layers ?? [];
    const layer = layers.find(({ id }) => id === layerId);
    const place =
      quantityName === undefined ? layer : layer?.quantities.find(({ name }) => name === quantityName);
    if (current && place) void revealSource(presentPlace(current, place.source));
    else
      this.#options.log.warn(`A panel asked for ${layerId} ${quantityName ?? ''}, which this run has not.`);
  }

  #refresh(): void {
    for (const feed of this.#feeds) void feed.refresh();
  }

  #updateWatch(): void {
    const { current } = this.#options.sessions;
    for (const panel of ['unrolled', 'gates', 'gradientFlow', 'training'] as const) {
      if (this.#watched !== current) this.#watched?.watch(panel, undefined);
      current?.watch(panel, this.#open.get(panel)?.host.visible ? this.#needs(panel) : undefined);
    }
    this.#watched = current;
  }

  #needs(panel: PanelName): ViewNeeds {
    switch (panel) {
      case 'unrolled':
        return { unrolled: true, sample: this.#sample };
      case 'gates':
        return { gates: this.#gates, sample: this.#sample };
      case 'gradientFlow':
        return { gradientFlow: true };
      case 'training':
        return {};
    }
  }
}

function dropFeed(panel: OpenPanel): void {
  panel.feed?.dispose();
  panel.feed = undefined;
}
