/** Checks a whole file: its syntax, its cells, and the model that `data`, `model` and `train` make together. */
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
  type ModelBlock,
  type TrainBlock,
} from '../generated/ast.ts';
import { inputName } from '../vocabulary/functions.ts';
import type { BlockName } from '../vocabulary/kinds.ts';
import { findLayer } from '../vocabulary/layers.ts';
import { inferShapes } from './cell-shapes.ts';
import { type CellDefinition, checkDefinition, defineCell, symbolicArguments } from './cells.ts';
import { checkPipeline } from './pipeline.ts';
import { Reporter } from './reporter.ts';
import { readData, readTrain } from './settings.ts';
import { reportSyntax, type SyntaxReport } from './syntax-errors.ts';

export interface ParsedFile {
  readonly uri: string;
  readonly parsed: ParseResult<File>;
  readonly tokens: LexerResult['tokens'];
}

/** An analysis, and what the editor shows beside it. */
export interface FileCheck extends Analysis {
  /** Cells of the file that parse. */
  readonly cells: ReadonlyMap<Cell, CellDefinition>;
  /** The `data` block, where it is right. */
  readonly data: DataSpec | undefined;
  /** Layers of the model that are right, even where others are not. */
  readonly layers: readonly LayerSpec[];
}

/** Cells of a file by name. */
export function cellsOf({
  uri,
  parsed,
}: Pick<ParsedFile, 'uri' | 'parsed'>): ReadonlyMap<string, CellDefinition> {
  return new Map(parsed.value.blocks.filter(isCell).map((cell) => [cell.name, defineCell(cell, uri)]));
}

export function checkFile(file: ParsedFile, prelude: ReadonlyMap<string, CellDefinition>): FileCheck {
  const syntax = reportSyntax(file.parsed, file.tokens, file.uri);
  return new FileChecker(file, prelude, syntax).check();
}

class FileChecker {
  private readonly file: ParsedFile;
  private readonly prelude: ReadonlyMap<string, CellDefinition>;
  private readonly syntax: SyntaxReport;
  private readonly reporter: Reporter;

  constructor(file: ParsedFile, prelude: ReadonlyMap<string, CellDefinition>, syntax: SyntaxReport) {
    this.file = file;
    this.prelude = prelude;
    this.syntax = syntax;
    this.reporter = new Reporter(file.uri);
  }

  check(): FileCheck {
    const { blocks } = this.file.parsed.value;
    const named = new Map<string, CellDefinition | undefined>(this.prelude);
    const cells = this.checkCells(blocks.filter(isCell), named);
    const dataBlock = this.only(blocks.filter(isDataBlock), 'data');
    const modelBlock = this.only(blocks.filter(isModelBlock), 'model');
    const trainBlock = this.only(blocks.filter(isTrainBlock), 'train');
    this.reportMissing({ data: dataBlock, model: modelBlock, train: trainBlock });

    const data = this.sound(dataBlock) && readData(dataBlock, this.reporter);
    const train = this.sound(trainBlock) && readTrain(trainBlock, this.reporter);
    const surroundings = { data: data || undefined, train: train || undefined, cells: named };
    const pipeline = this.sound(modelBlock)
      ? checkPipeline(modelBlock, surroundings, this.reporter)
      : undefined;
    for (const [node, definition] of cells) {
      // A cell in use is checked with its real sizes, here or once the rest of the model is right.
      if (modelBlock?.layers.some((layer) => layer.type?.$refText === node.name)) continue;
      const symbols = new Map([...symbolicArguments(definition), [inputName, inputName] as const]);
      inferShapes(definition, symbols, this.reporter);
    }

    const diagnostics = [...this.syntax.diagnostics, ...this.reporter.diagnostics].sort(bySource);
    const isRight = diagnostics.every((diagnostic) => diagnostic.severity !== 'error');
    const model: CheckedModel | undefined =
      isRight && data && train && pipeline?.complete
        ? { uri: this.file.uri, data, layers: pipeline.layers, train }
        : undefined;
    return { diagnostics, model, cells, data: data || undefined, layers: pipeline?.layers ?? [] };
  }

  /** A block that is there and parses, so that its tree has no holes. */
  private sound<Kind extends Block>(block: Kind | undefined): block is Kind {
    return block !== undefined && !this.syntax.isDamaged(block);
  }

  /** Defines and checks the file's own cells; `named` learns their names. */
  private checkCells(
    nodes: readonly Cell[],
    named: Map<string, CellDefinition | undefined>,
  ): Map<Cell, CellDefinition> {
    const definitions = new Map<Cell, CellDefinition>();
    const own = new Set<string>();
    for (const node of nodes) {
      const definition = this.sound(node) ? defineCell(node, this.file.uri) : undefined;
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
        named.set(node.name, definition);
        own.add(node.name);
      }
    }
    return definitions;
  }

  private only<Kind extends DataBlock | ModelBlock | TrainBlock>(
    blocks: readonly Kind[],
    name: string,
  ): Kind | undefined {
    for (const other of blocks.slice(1)) {
      const message = `A file has one \`${name}\` block; keep one of them.`;
      this.reporter.error('duplicate-block', message, this.reporter.part(other, 'keyword'));
    }
    return blocks[0];
  }

  /** A file of cells alone is a library; with any of the three blocks the others are needed too. */
  private reportMissing(blocks: Readonly<Record<Exclude<BlockName, 'cell'>, Block | undefined>>): void {
    const present = Object.values(blocks).find((block) => block !== undefined);
    if (present === undefined || this.syntax.diagnostics.length > 0) return;
    for (const [name, block] of Object.entries(blocks)) {
      if (block !== undefined) continue;
      const message = `There is a \`${present.keyword}\` block and no \`${name}\` block; training needs \`data\`, \`model\` and \`train\`.`;
      this.reporter.error('missing-block', message, this.reporter.part(present, 'keyword'));
    }
  }
}

function bySource(one: Analysis['diagnostics'][number], other: Analysis['diagnostics'][number]): number {
  const { start: left } = one.source;
  const { start: right } = other.source;
  return left.line - right.line || left.character - right.character;
}
