import type { Exchange } from '../../model/exchange.ts';
import type { CheckTexts } from './compile-schema.ts';
import type { Finding } from './finding.ts';
import { type ReadTexts, readHeaders, readParams, readQuery } from './read-texts.ts';

/** What a route wants of a request before its body. */
export interface HeadRules {
  readonly query?: CheckTexts | undefined;
  readonly headers?: CheckTexts | undefined;
  readonly params?: CheckTexts | undefined;
}

/** What is wrong with the query, the header fields and the path parameters of an exchange. */
export function validateHead({ target, headers, params }: Exchange, rules: HeadRules): Finding[] {
  const findings: Finding[] = [];
  const examine = (place: Finding['in'], check: CheckTexts | undefined, read: () => ReadTexts): void => {
    if (check === undefined) return;
    const { values, unreadable } = read();
    for (const at of unreadable) findings.push({ in: place, at, message: 'must be percent-encoded UTF-8' });
    for (const { path, message } of check(values)) {
      const [at = ''] = path;
      if (!unreadable.has(at)) findings.push({ in: place, at, message });
    }
  };
  examine('path', rules.params, () => readParams(params));
  examine('query', rules.query, () => readQuery(target.query));
  examine('header', rules.headers, () => readHeaders(headers));
  return findings;
}
