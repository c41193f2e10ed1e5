/** Which `data` and `model` a `train` block means, where a file has several. */
import {
  type Block,
  type DataBlock,
  isDataBlock,
  isModelBlock,
  isTrainBlock,
  type ModelBlock,
  type TrainBlock,
} from '../generated/ast.ts';
import type { Reporter } from './reporter.ts';

type NamedBlock = DataBlock | ModelBlock | TrainBlock;

export class BlockNames {
  private readonly data: readonly DataBlock[];
  private readonly models: readonly ModelBlock[];
  private readonly reporter: Reporter;

  /** @param damaged a block that seems to be missing may be one that does not parse */
  constructor(blocks: readonly Block[], reporter: Reporter, damaged: boolean) {
    this.reporter = reporter;
    this.data = blocks.filter(isDataBlock);
    this.models = blocks.filter(isModelBlock);
    const trains = blocks.filter(isTrainBlock);
    for (const alike of [this.data, this.models, trains]) this.checkNames(alike);
    if (!damaged) this.reportMissing({ data: this.data, model: this.models, train: trains });
  }

  dataOf(train: TrainBlock): DataBlock | undefined {
    return this.find(train, 'data', this.data);
  }

  modelOf(train: TrainBlock): ModelBlock | undefined {
    return this.find(train, 'model', this.models);
  }

  private find<Kind extends NamedBlock>(
    train: TrainBlock,
    kind: 'data' | 'model',
    blocks: readonly Kind[],
  ): Kind | undefined {
    const setting = train.settings.find(({ key }) => key === kind);
    if (setting === undefined) {
      if (blocks.length > 1) {
        const message = `There are several \`${kind}\` blocks: say which one with \`${kind} = ${blocks[0]!.name ?? 'name'}\`.`;
        const fix = { kind: 'add', name: kind } as const;
        this.reporter.error('ambiguous-block', message, this.reporter.part(train, 'keyword'), fix);
      }
      return blocks[0];
    }
    // What is no name is reported where settings are read.
    if (setting.value?.$type !== 'NameReference') return undefined;
    const name = setting.value.reference.$refText;
    const found = blocks.find((block) => block.name === name);
    if (found === undefined) {
      const names = blocks.flatMap((block) => block.name ?? []);
      const message = `There is no \`${kind}\` block named \`${name}\`.`;
      this.reporter.unknownName('unknown-block-name', message, setting.value, {
        name,
        known: names,
        listing: 'There are',
      });
    }
    return found;
  }

  private checkNames(blocks: readonly NamedBlock[]): void {
    if (blocks.length < 2) return;
    const seen = new Set<string>();
    for (const block of blocks) {
      const { keyword, name } = block;
      if (name === undefined) {
        const message = `A file with several \`${keyword}\` blocks gives each a name: \`${keyword} first { … }\`.`;
        this.reporter.error('unnamed-block', message, this.reporter.part(block, 'keyword'));
      } else if (seen.has(name)) {
        const message = `There is already a \`${keyword}\` block named \`${name}\`; give one of them another name.`;
        this.reporter.error('duplicate-definition', message, this.reporter.part(block, 'name'));
      } else {
        seen.add(name);
      }
    }
  }

  /** A file of cells alone is a library; with any of the three blocks the others are needed too. */
  private reportMissing(blocks: Readonly<Record<'data' | 'model' | 'train', readonly NamedBlock[]>>): void {
    const present = Object.values(blocks).flat()[0];
    if (present === undefined) return;
    for (const [name, found] of Object.entries(blocks)) {
      if (found.length > 0) continue;
      const message = `There is a \`${present.keyword}\` block and no \`${name}\` block; training needs \`data\`, \`model\` and \`train\`.`;
      const fix = { kind: 'add', name } as const;
      this.reporter.error('missing-block', message, this.reporter.part(present, 'keyword'), fix);
    }
  }
}
