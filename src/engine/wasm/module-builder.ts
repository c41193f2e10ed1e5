/** A WebAssembly module over one imported, shared memory. */
import { section, text, unsigned, vector } from './encoding.ts';
import type { ValueType } from './expressions.ts';
import { FunctionBuilder, type FunctionReference, typeCodes } from './function-builder.ts';

export const bytesPerPage = 65_536;

interface Exported {
  readonly name: string;
  readonly index: number;
}

export class ModuleBuilder {
  private readonly pages: number;
  private readonly functions: FunctionBuilder[] = [];
  private readonly exports: Exported[] = [];

  /** @param pages of 64 KiB that the imported memory `run.memory` has, at least and at most */
  constructor(pages: number) {
    this.pages = pages;
  }

  /** Adds a function without a result. */
  define(parameters: readonly ValueType[], write: (builder: FunctionBuilder) => void): FunctionReference {
    const builder = new FunctionBuilder(parameters);
    write(builder);
    this.functions.push(builder);
    return { index: this.functions.length - 1, parameters };
  }

  export(name: string, { index }: FunctionReference): void {
    this.exports.push({ name, index });
  }

  toBytes(): Uint8Array<ArrayBuffer> {
    const functionType = 0x60;
    const signatures = this.functions.map(({ parameters }) => [
      functionType,
      ...vector(parameters.map((type) => [typeCodes[type]])),
      0,
    ]);
    const isShared = 3;
    const memory = [
      ...text('run'),
      ...text('memory'),
      2,
      isShared,
      ...unsigned(this.pages),
      ...unsigned(this.pages),
    ];
    return Uint8Array.from([
      ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
      ...section(1, vector(signatures)),
      ...section(2, vector([memory])),
      ...section(3, vector(this.functions.map((_, index) => unsigned(index)))),
      ...section(7, vector(this.exports.map(({ name, index }) => [...text(name), 0, ...unsigned(index)]))),
      ...section(10, vector(this.functions.map((each) => each.toBytes()))),
    ]);
  }
}
