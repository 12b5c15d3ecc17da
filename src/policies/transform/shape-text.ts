import { parseJson } from './json-text.ts';

/** Why a document could not be shaped, in words that say nothing of what is in it. */
export class ShapeError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ShapeError';
  }
}

/** Applies a change to the text of a JSON document. An empty text stays one. Throws a {@link ShapeError}. */
export function shapeText(content: Buffer, change: (document: unknown) => unknown): Buffer {
  if (content.length === 0) return content;
  try {
    return Buffer.from(JSON.stringify(change(parseJson(content))));
  } catch (error) {
    // Not the parser's own words: they quote the document.
    throw new ShapeError((error as Error).name === 'RangeError' ? 'nested too deeply' : 'not JSON in UTF-8');
  }
}
