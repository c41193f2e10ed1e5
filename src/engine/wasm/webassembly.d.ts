/** The part of the JavaScript API of WebAssembly that is used here: Node's types leave it to the browser's. */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array<ArrayBuffer>);
  }

  class Memory {
    readonly buffer: SharedArrayBuffer;
    constructor(descriptor: { readonly initial: number; readonly maximum: number; readonly shared: true });
  }

  class Instance {
    readonly exports: Readonly<Record<string, unknown>>;
    constructor(module: Module, imports: Readonly<Record<string, Readonly<Record<string, Memory>>>>);
  }

  function validate(bytes: Uint8Array<ArrayBuffer>): boolean;
}
