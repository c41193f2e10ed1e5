import * as vscode from 'vscode';
import type { Middleware } from 'vscode-languageclient/node';
import type { Session } from '../session/session.ts';
import type { Sessions } from '../session/sessions.ts';
import { presentPlace } from './documents.ts';
import { type MeasuredQuantity, measuredText } from './measured-text.ts';

/** A frame that is asked for is there by then, or the hover goes without it. */
const mostMilliseconds = 300;
const view = 'hover';

/** Adds to what the language says of a quantity what the run in hand measured of it last. */
export function hoverWithMeasures(sessions: Sessions): NonNullable<Middleware['provideHover']> {
  return async (document, position, token, next) => {
    const hover = await next(document, position, token);
    const session = sessions.get(document.uri.toString()) ?? sessions.current;
    if (!hover?.range || !session || session.state === 'stopped' || session.state === 'starting')
      return hover;
    const measured = quantityAt(session, document, hover.range);
    const text = measured && (await measure(session, measured));
    if (!text) return hover;
    const added = new vscode.MarkdownString();
    added.appendText(text);
    return new vscode.Hover([...hover.contents, added], hover.range);
  };
}

/** The quantity that a word names, in the first layer that is made of the cell around it. */
function quantityAt(
  session: Session,
  document: vscode.TextDocument,
  range: vscode.Range,
): MeasuredQuantity | undefined {
  const name = document.getText(range);
  const head = headLine(document, range.start.line);
  if (head === undefined) return undefined;
  for (const { id, quantities } of session.snapshot?.network.layers ?? []) {
    for (const quantity of quantities) {
      if (quantity.name !== name || quantity.source.uri !== document.uri.toString()) continue;
      const { start } = presentPlace(session, quantity.source);
      if (headLine(document, start.line) === head) return { layer: id, quantity: name };
    }
  }
  return undefined;
}

/** The line where the cell around a line starts. */
function headLine(document: vscode.TextDocument, line: number): number | undefined {
  for (let above = line; above >= 0; above -= 1) {
    if (/^\s*cell\b/.test(document.lineAt(above).text)) return above;
  }
  return undefined;
}

/** From the newest frame; where no panel has asked for heatmaps and the run stands still, they are asked for. */
async function measure(session: Session, measured: MeasuredQuantity): Promise<string | undefined> {
  const { frame } = session.snapshot ?? {};
  if (!frame) return undefined;
  const shown = vscode.l10n.t('as the Gates panel shows it');
  if (frame.heatmaps.length > 0 || session.state === 'running') return measuredText(frame, measured, shown);
  const gates = {
    layer: measured.layer,
    show: 'value',
    of: 'batchMean',
    preActivations: false,
    pixels: { across: 1, down: 1 },
  } as const;
  const heatmaps = nextHeatmaps(session);
  session.watch(view, { gates });
  const found = await heatmaps;
  session.watch(view, undefined);
  return measuredText(found ?? frame, measured, vscode.l10n.t('mean over the batch'));
}

/** The next frame with heatmaps; undefined where none comes in time. */
function nextHeatmaps(session: Session) {
  return new Promise<NonNullable<Session['snapshot']>['frame'] | undefined>((resolve) => {
    const look = () => {
      const frame = session.snapshot?.frame;
      if (frame && frame.heatmaps.length > 0) finish(frame);
    };
    const finish = (frame?: NonNullable<Session['snapshot']>['frame']) => {
      clearTimeout(timeout);
      session.off('changed', look);
      resolve(frame);
    };
    const timeout = setTimeout(finish, mostMilliseconds);
    session.on('changed', look);
  });
}
