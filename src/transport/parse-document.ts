/**
 * A JSON text as its value.
 *
 * @throws Error that says nothing of what is in the text.
 */
export function parseDocument(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message would quote the document.
    throw new Error('the document is not JSON');
  }
}
