import '@vscode-elements/elements/dist/vscode-checkbox/index.js';
import '@vscode-elements/elements/dist/vscode-option/index.js';
import '@vscode-elements/elements/dist/vscode-single-select/index.js';
import { useMemo } from 'preact/hooks';
import type { Frame, GatesWatch } from '../../src/protocol/frame.ts';
import type { LayerDescription, NetworkDescription } from '../../src/protocol/network.ts';
import type { RunSnapshot } from '../../src/protocol/webview.ts';
import { Choice, into } from '../kit/choice.tsx';
import * as choices from './choices.ts';
import { QuantityHeatmap } from './heatmap.tsx';
import { definitionOf, pictureOf, readValue, recurrentLayers, shownQuantities } from './pictures.ts';

export function GatesPanel({ snapshot }: { readonly snapshot: RunSnapshot }) {
  const { network, frame } = snapshot;
  const watch = choices.watch.value;
  const layers = recurrentLayers(network);
  const layer = layers.find(({ id }) => id === watch?.layer);
  if (!watch || !layer) {
    return <p class="muted">This model has no recurrent layer, so there are no gates to show.</p>;
  }
  return (
    <>
      <Controls layers={layers} watch={watch} />
      <Heatmaps layer={layer} watch={watch} network={network} snapshot={snapshot} frame={frame} />
    </>
  );
}

function Controls({
  layers,
  watch,
}: {
  readonly layers: readonly LayerDescription[];
  readonly watch: GatesWatch;
}) {
  return (
    <div class="controls">
      {layers.length > 1 ? (
        <vscode-single-select
          class="layer-choice"
          data-testid="choice-layer"
          label="Layer"
          value={watch.layer}
          onChange={(event) => {
            choices.layer.value = event.currentTarget.value;
          }}
        >
          {layers.map(({ id, label }) => (
            <vscode-option key={id} value={id}>
              {`${id} · ${label}`}
            </vscode-option>
          ))}
        </vscode-single-select>
      ) : (
        <strong>{layers[0]!.label}</strong>
      )}
      <Choice
        label="content"
        options={[
          { value: 'value', label: 'activations' },
          { value: 'adjoint', label: 'gradients', title: '∂L/∂quantity, L = mean loss of the iteration' },
        ]}
        selected={watch.show}
        onSelect={into(choices.show)}
      />
      <Choice
        label="aggregate"
        options={[
          { value: 'batchMean', label: 'batch mean' },
          { value: 'sample', label: 'sample', title: 'The sample that the Unrolled panel shows' },
        ]}
        selected={watch.of}
        onSelect={into(choices.of)}
      />
      <vscode-checkbox
        data-testid="choice-pre-activations"
        checked={choices.preActivations.value}
        onChange={(event) => {
          choices.preActivations.value = event.currentTarget.checked;
        }}
      >
        pre-activations
      </vscode-checkbox>
    </div>
  );
}

interface HeatmapsProps {
  readonly layer: LayerDescription;
  readonly watch: GatesWatch;
  readonly network: NetworkDescription;
  readonly snapshot: RunSnapshot;
  readonly frame: Frame;
}

function Heatmaps({ layer, watch, network, snapshot, frame }: HeatmapsProps) {
  const preActivations = choices.preActivations.value;
  // Reading a value draws the panel anew, but not the pictures.
  const pictures = useMemo(
    () => shownQuantities(layer, preActivations).map((quantity) => pictureOf(quantity, watch, frame)),
    [layer, preActivations, watch, frame],
  );
  const read = choices.cursor.value;
  const readPicture = pictures.find(({ quantity }) => quantity.name === read?.quantity);
  const waiting =
    watch.show === 'adjoint' && frame.backwardFrom > frame.timeSteps
      ? `Gradients are computed in the backward phase, from t ${frame.timeSteps} down to 1.`
      : 'Time across, units down.';
  return (
    <>
      <div class="heatmaps">
        {pictures.map((picture, index) => (
          <QuantityHeatmap
            key={picture.quantity.name}
            layer={layer.id}
            picture={picture}
            position={frame.position}
            cursor={read && picture === readPicture ? read : undefined}
            onCursor={(cell) => {
              choices.cursor.value = cell && { ...cell, quantity: picture.quantity.name };
            }}
            onWidth={index === 0 ? choices.setWidth : undefined}
          />
        ))}
      </div>
      <div class="readout" data-testid="readout" aria-live={snapshot.state === 'running' ? 'off' : 'polite'}>
        {read && readPicture ? (
          <>
            <p>{readValue(readPicture, read, frame.reading, network.batchSize)}</p>
            <p class="muted">
              <code>{definitionOf(readPicture)}</code>
            </p>
          </>
        ) : (
          <p class="muted">{waiting}</p>
        )}
      </div>
    </>
  );
}
