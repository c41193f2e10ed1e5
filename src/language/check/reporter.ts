/** Collects the diagnostics of one file and knows where its syntax nodes stand. */
import { type AstNode, GrammarUtils } from 'langium';
import type { Diagnostic, Fix, SourceRange } from '../checked-model.ts';
import type { DiagnosticCode } from '../diagnostic-codes.ts';
import { nearestNames, suggest } from './nearest-name.ts';

/** A node of the syntax tree, a range, or one part of a node: `part(layer, 'type')`. */
export type Place = AstNode | SourceRange;

export class Reporter {
  readonly diagnostics: Diagnostic[] = [];
  readonly uri: string;

  constructor(uri: string) {
    this.uri = uri;
  }

  error(code: DiagnosticCode, message: string, place: Place, fix?: Fix): void {
    this.report('error', code, message, place, fix);
  }

  warning(code: DiagnosticCode, message: string, place: Place, fix?: Fix): void {
    this.report('warning', code, message, place, fix);
  }

  /** Reports a name that there is not: `Did you mean …?`, or with nothing near all the known names after `listing`. */
  unknownName(
    code: DiagnosticCode,
    message: string,
    place: Place,
    { name, known, listing }: { name: string; known: Iterable<string>; listing: string },
  ): void {
    const names = [...known];
    const texts = nearestNames(name, names);
    const fix: Fix | undefined = texts.length > 0 ? { kind: 'replace', texts } : undefined;
    this.error(code, message + suggest(texts, names, listing), place, fix);
  }

  /** A cell is checked once for each use: what is wrong with all uses is said once. */
  private report(
    severity: Diagnostic['severity'],
    code: DiagnosticCode,
    message: string,
    place: Place,
    fix?: Fix,
  ): void {
    const source = '$type' in place ? rangeOf(place, this.uri) : place;
    const known = this.diagnostics.some(
      (other) => other.code === code && other.message === message && sameRange(other.source, source),
    );
    if (!known) this.diagnostics.push({ severity, code, message, source, ...(fix && { fix }) });
  }

  /** The part of a node that a property was read from. */
  part(node: AstNode, property: string, index?: number): SourceRange {
    const part = GrammarUtils.findNodeForProperty(node.$cstNode, property, index);
    return part === undefined ? rangeOf(node, this.uri) : { uri: this.uri, ...part.range };
  }

  range(node: AstNode): SourceRange {
    return rangeOf(node, this.uri);
  }
}

function sameRange(one: SourceRange, other: SourceRange): boolean {
  return (
    one.start.line === other.start.line &&
    one.start.character === other.start.character &&
    one.end.line === other.end.line &&
    one.end.character === other.end.character
  );
}

export function rangeOf(node: AstNode, uri: string): SourceRange {
  const { start, end } = node.$cstNode!.range;
  return { uri, start, end };
}

/** A node's text on one line. */
export function foldedText(node: AstNode): string {
  return node
    .$cstNode!.text.replace(/#[^\n\r]*/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}
