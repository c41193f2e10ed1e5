/** Checks a whole file: its syntax, its constants, imports and cells, and the models that its blocks make together. */
import type { LexerResult, ParseResult } from 'langium';
import type { Analysis, CheckedModel, DataSpec, LayerSpec } from '../checked-model.ts';
import {
  type Block,
  type Cell,
  type DataBlock,
  type File,
  isCell,
  isDataBlock,
  isModelBlock,
  isTrainBlock,
  type Layer,
  type ModelBlock,
} from '../generated/ast.ts';
import { inputName } from '../vocabulary/functions.ts';
import { findLayer } from '../vocabulary/layers.ts';
import { BlockNames } from './block-names.ts';
import { inferShapes } from './cell-shapes.ts';
import { type CellDefinition, defineCell, symbolicArguments } from './cells.ts';
import { checkDefinition } from './check-cell.ts';
import { checkUnusedConstants, readConstants } from './constant-definitions.ts';
import type { Environment } from './constants.ts';
import { checkImports, type FileCells, type ImportedCells } from './imports.ts';
import { checkPipeline, type Surroundings } from './pipeline.ts';
import { Reporter } from './reporter.ts';
import { readData, readTrain } from './settings.ts';
import { reportSyntax, type SyntaxReport } from './syntax-errors.ts';

export interface ParsedFile {
  readonly uri: string;
  readonly parsed: ParseResult<File>;
  readonly tokens: LexerResult['tokens'];
}

/** Cells by name. */
export type Cells = ReadonlyMap<string, CellDefinition>;

/** An analysis, and what the editor shows beside it. */
export interface FileCheck extends Analysis {
  /** Cells of the file that parse. */
  readonly cells: ReadonlyMap<Cell, CellDefinition>;
  readonly constants: Environment;
  /** `data` blocks that are right. */
  readonly data: ReadonlyMap<DataBlock, DataSpec>;
  /** Layers of each model that are right, even where others are not. */
  readonly layers: ReadonlyMap<ModelBlock, readonly LayerSpec[]>;
}

/** What a file hands to others: its cells, which keep the constants that they read. */
export function cellsOf({ uri, parsed, tokens }: ParsedFile): FileCells {
  const { blocks, constants } = parsed.value;
  const values = readConstants(constants, new Reporter(uri));
  const { isDamaged } = reportSyntax(parsed, tokens, uri);
  const cells = blocks.filter(isCell).filter((cell) => cell.name !== undefined);
  return new Map(
    cells.map((cell) => [cell.name, isDamaged(cell) ? undefined : defineCell(cell, uri, values)]),
  );
}

/** Those that parse. */
export function wholeCells(cells: FileCells): Cells {
  return new Map([...cells].flatMap(([name, cell]) => (cell ? [[name, cell] as const] : [])));
}

/** @param imported cells of the files that this one imports, by the path as written */
export function checkFile(file: ParsedFile, prelude: Cells, imported: ImportedCells): FileCheck {
  const syntax = reportSyntax(file.parsed, file.tokens, file.uri);
  return new FileChecker(file, prelude, imported, syntax).check();
}

class FileChecker {
  private readonly file: ParsedFile;
  private readonly syntax: SyntaxReport;
  private readonly reporter: Reporter;
  private readonly constants: Environment;
  /** Cells that a layer can name: the prelude's, hidden by imported ones, hidden by the file's own. */
  private readonly named: Map<string, CellDefinition | undefined>;
  private readonly layers = new Map<ModelBlock, readonly LayerSpec[]>();

  constructor(file: ParsedFile, prelude: Cells, imported: ImportedCells, syntax: SyntaxReport) {
    this.file = file;
    this.syntax = syntax;
    this.reporter = new Reporter(file.uri);
    this.constants = readConstants(file.parsed.value.constants, this.reporter);
    const importedCells = checkImports(file.parsed.value, imported, this.reporter);
    this.named = new Map<string, CellDefinition | undefined>([...prelude, ...importedCells]);
  }

  check(): FileCheck {
    const { blocks } = this.file.parsed.value;
    const cells = this.checkCells(blocks.filter(isCell));
    const data = new Map<DataBlock, DataSpec>();
    for (const block of blocks.filter(isDataBlock)) {
      const spec = this.isSound(block) && readData(block, this.constants, this.reporter);
      if (spec) data.set(block, spec);
    }
    const models = this.checkModels(data);
    this.checkUnusedCells(cells);
    if (this.syntax.diagnostics.length === 0)
      checkUnusedConstants(this.file.parsed.value, this.constants, this.reporter);

    const diagnostics = [...this.syntax.diagnostics, ...this.reporter.diagnostics].sort(bySource);
    const isRight = diagnostics.every((diagnostic) => diagnostic.severity !== 'error');
    return {
      diagnostics,
      models: isRight ? models : [],
      cells,
      constants: this.constants,
      data,
      layers: this.layers,
    };
  }

  /** What each `train` block trains; a model that none trains is checked by itself. */
  private checkModels(data: ReadonlyMap<DataBlock, DataSpec>): CheckedModel[] {
    const { blocks } = this.file.parsed.value;
    const trains = blocks.filter(isTrainBlock);
    const names = new BlockNames(blocks, this.reporter, this.syntax.diagnostics.length > 0);
    const trained = new Set<ModelBlock>();
    const models = trains.flatMap((block) => {
      const dataBlock = names.dataOf(block);
      const modelBlock = names.modelOf(block);
      const surroundings = {
        data: dataBlock && data.get(dataBlock),
        train: this.isSound(block) ? readTrain(block, this.constants, this.reporter) : undefined,
      };
      if (modelBlock) trained.add(modelBlock);
      const pipeline = modelBlock && this.checkModel(modelBlock, surroundings);
      const { data: dataSpec, train } = surroundings;
      if (!dataSpec || !train || !pipeline?.complete) return [];
      return [{ uri: this.file.uri, name: block.name, data: dataSpec, layers: pipeline.layers, train }];
    });
    const onlyData = data.size === 1 ? [...data.values()][0] : undefined;
    for (const block of blocks.filter(isModelBlock)) {
      if (!trained.has(block)) this.checkModel(block, { data: onlyData, train: undefined });
    }
    return models;
  }

  private checkModel(block: ModelBlock, { data, train }: Pick<Surroundings, 'data' | 'train'>) {
    if (!this.isSound(block)) return undefined;
    const surroundings = { data, train, cells: this.named, constants: this.constants };
    const pipeline = checkPipeline(block, surroundings, this.reporter);
    this.layers.set(block, pipeline.layers);
    return pipeline;
  }

  /** A block that parses, so that its tree has no holes. */
  private isSound(block: Block): boolean {
    return !this.syntax.isDamaged(block);
  }

  /** Defines and checks the file's own cells, whose names hide those of others. */
  private checkCells(nodes: readonly Cell[]): Map<Cell, CellDefinition> {
    const definitions = new Map<Cell, CellDefinition>();
    const own = new Set<string>();
    for (const node of nodes) {
      const definition = this.isSound(node) ? defineCell(node, this.file.uri, this.constants) : undefined;
      if (definition) {
        definitions.set(node, definition);
        checkDefinition(definition, this.reporter);
      }
      // A damaged cell may have no name yet.
      if (node.name === undefined) continue;
      if (own.has(node.name)) {
        const message = `There is already a cell \`${node.name}\` in this file; give one of them another name.`;
        this.reporter.error('duplicate-definition', message, this.reporter.part(node, 'name'));
      } else if (!findLayer(node.name)) {
        this.named.set(node.name, definition);
        own.add(node.name);
      }
    }
    return definitions;
  }

  /** A cell in use is checked with its real sizes, here or once the rest of the model is right. */
  private checkUnusedCells(cells: ReadonlyMap<Cell, CellDefinition>): void {
    const used = new Set(this.file.parsed.value.blocks.filter(isModelBlock).flatMap(cellsUsed));
    for (const [node, definition] of cells) {
      if (used.has(node.name)) continue;
      const symbols = new Map([...symbolicArguments(definition), [inputName, inputName] as const]);
      inferShapes(definition, symbols, this.reporter);
    }
  }
}

/** Names of the cells that layers are made of, in braces and in `bidirectional` too. */
function cellsUsed(holder: ModelBlock | Layer): string[] {
  return holder.layers.flatMap((layer) => {
    const inArguments = layer.arguments.flatMap(({ value }) =>
      value?.$type === 'Call' ? [value.function.$refText] : [],
    );
    return [layer.type?.$refText ?? '', ...inArguments, ...cellsUsed(layer)];
  });
}

function bySource(one: Analysis['diagnostics'][number], other: Analysis['diagnostics'][number]): number {
  const { start: left } = one.source;
  const { start: right } = other.source;
  return left.line - right.line || left.character - right.character;
}
