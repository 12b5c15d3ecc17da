import { RE2JS } from 're2js';

/**
 * The expression of a schema, found anywhere in a text in time linear in its length, whatever a caller sends. Throws
 * when RE2 does not know the expression: look-around and back-references.
 */
export class LinearPattern {
  readonly #source: string;
  readonly #expression: RE2JS;

  constructor(source: string) {
    this.#source = source;
    this.#expression = RE2JS.compile(RE2JS.translateRegExp(source));
  }

  test(text: string): boolean {
    return this.#expression.test(text);
  }

  /** Ajv keeps one expression for each text that this gives. */
  toString(): string {
    return this.#source;
  }
}
