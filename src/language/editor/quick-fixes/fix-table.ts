/** Which quick fixes a diagnostic has. */
import type { DiagnosticCode } from '../../diagnostic-codes.ts';
import {
  addInitialiser,
  addOutputLine,
  addShape,
  giveEquation,
  multiplyMatrix,
  readBefore,
  readNow,
  useGlorot,
} from './cell-fixes.ts';
import { addBlock, nameBlock } from './file-fixes.ts';
import {
  addDense,
  addLookup,
  addOutput,
  fillGroup,
  fillModel,
  fitLoss,
  moveOutOfGroup,
  moveOutputToEnd,
  movePoolingBack,
  oneDirection,
  removeLayer,
  useDense,
} from './model-fixes.ts';
import type { FixContext, QuickFix } from './quick-fix.ts';
import {
  removeCellArgument,
  removeEquation,
  removeLine,
  removeParameter,
  removeUnreachable,
  rename,
  resolveDuplicate,
} from './removal-fixes.ts';
import { replacements } from './replacements.ts';
import {
  addArgument,
  addSetting,
  makeList,
  makeSplitAddUp,
  nameArgument,
  nameOfBlock,
  quote,
  removeArgument,
  removeListItem,
  removeSetting,
  useUsualValue,
} from './setting-fixes.ts';
import { fitShape } from './shape-fixes.ts';
import { spellOrDeclare } from './unknown-names.ts';

type Fixer = (context: FixContext) => readonly QuickFix[];

/** What the check that reports it knows to be right comes first. */
export function fixesOf(context: FixContext): readonly QuickFix[] {
  return [replacements, ...(fixers[context.diagnostic.code] ?? [])].flatMap((fixer) => fixer(context));
}

const fixers: Partial<Record<DiagnosticCode, readonly Fixer[]>> = {
  'ambiguous-block': [nameOfBlock],
  'cell-after-pooling': [movePoolingBack],
  'delayed-constant': [readNow],
  'duplicate-argument': [removeArgument],
  'duplicate-column': [removeListItem],
  'duplicate-definition': [resolveDuplicate],
  'duplicate-import': [removeLine],
  'duplicate-key': [removeSetting],
  'duplicate-output': [removeLine],
  'duplicate-pooling': [removeLayer],
  'empty-group': [fillGroup],
  'empty-model': [fillModel],
  'empty-train-share': [useUsualValue],
  'equation-cycle': [readBefore],
  'initialiser-shape': [useGlorot],
  'invalid-delay': [readBefore],
  'key-not-applicable': [removeSetting],
  'layer-after-output': [moveOutputToEnd],
  'lookup-not-first': [removeLayer],
  'lookup-on-numbers': [removeLayer],
  'loss-does-not-fit-data': [fitLoss],
  'matrix-outside-product': [multiplyMatrix],
  'missing-argument': [addArgument],
  'missing-block': [addBlock],
  'missing-initialiser': [addInitialiser],
  'missing-key': [addSetting],
  'missing-lookup': [addLookup],
  'missing-output': [addOutputLine],
  'missing-output-layer': [addOutput],
  'missing-shape': [addShape],
  'not-a-list': [makeList],
  'not-a-text': [quote],
  'out-of-range': [useUsualValue],
  'output-in-group': [moveOutOfGroup],
  'pooling-in-group': [moveOutOfGroup],
  'positional-after-named': [nameArgument],
  'reserved-name': [rename],
  'sees-the-target': [oneDirection],
  'shape-mismatch': [fitShape],
  'split-over-100': [makeSplitAddUp],
  'tie-without-embed': [useDense],
  'too-many-arguments': [removeArgument],
  'unknown-argument': [removeArgument],
  'unknown-key': [removeSetting],
  'unknown-quantity': [spellOrDeclare],
  'unnamed-block': [nameBlock],
  'unreachable-quantity': [removeUnreachable],
  'unused-argument': [removeCellArgument],
  'unused-constant': [removeLine],
  'unused-import': [removeLine],
  'unused-initial': [removeLine],
  'unused-parameter': [removeParameter],
  'unused-quantity': [removeEquation],
  'width-mismatch': [addDense],
  'window-of-expression': [giveEquation],
};
