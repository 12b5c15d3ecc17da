/** Fills a template with what the match of a route captured. */
export type FillValue = (params: Readonly<Record<string, string>>) => string;

/** A value such as `north-{id}`, taken apart: texts and names of captures by turns, a text first and last. */
export interface ValueTemplate {
  readonly texts: readonly string[];
  readonly parameters: readonly string[];
}

const part = /\{\{|\}\}|\{([A-Za-z_][A-Za-z0-9_]*)\}|[{}]/g;

/**
 * Reads a value in which `{name}` stands for what the match captured, as in `to.path`, and `{{` and `}}` for braces.
 * Undefined when a brace stands alone.
 */
export function parseValueTemplate(written: string): ValueTemplate | undefined {
  const texts: string[] = [];
  const parameters: string[] = [];
  let text = '';
  let end = 0;
  for (const match of written.matchAll(part)) {
    const [found, parameter] = match;
    text += written.slice(end, match.index);
    end = match.index + found.length;
    if (parameter !== undefined) {
      texts.push(text);
      parameters.push(parameter);
      text = '';
    } else if (found.length === 2) text += found[0];
    else return undefined;
  }
  return { texts: [...texts, text + written.slice(end)], parameters };
}

/**
 * @param encodeText what a written text becomes
 * @param encodeCapture what a captured slice of the path, still percent-encoded, becomes
 */
export function compileValue(
  { texts, parameters }: ValueTemplate,
  encodeText: (text: string) => string,
  encodeCapture: (slice: string) => string,
): FillValue {
  const [first = '', ...others] = texts.map(encodeText);
  return (params) =>
    others.reduce((value, text, index) => value + encodeCapture(params[parameters[index]!] ?? '') + text, first);
}
