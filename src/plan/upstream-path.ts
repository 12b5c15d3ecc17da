import { parsePathTemplate } from '../config/path-template.ts';
import type { RouteMatch } from '../config/schema.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import type { Exchange } from '../model/exchange.ts';

/** Tells the path under which a service knows what an exchange asks for. */
export type UpstreamPath = (exchange: Exchange) => string;

/** `to.path` filled with what the match captured; without it the same path. */
export function compileUpstreamPath(match: RouteMatch, template: string | undefined): UpstreamPath {
  if (template === undefined) return ({ target }) => target.path;
  const parsed = parsePathTemplate(template);
  if (typeof parsed === 'string') throw new Error(parsed);
  const { segments, wildcard } = parsed;
  const fill: UpstreamPath = ({ params }) => {
    let path = '';
    for (const segment of segments) path += `/${'literal' in segment ? segment.literal : params[segment.parameter]}`;
    if (wildcard) path += params['*'];
    return path === '' ? '/' : path;
  };
  return match.pattern === undefined ? fill : (exchange) => refuseAmbiguous(fill(exchange));
}

// A template captures whole segments of a canonical path. An expression may capture a piece of one, or nothing: dot
// segments (also before path parameters), empty ones and broken escapes could come about again, and the service would
// read another path than the guards did.
function refuseAmbiguous(path: string): string {
  if (/\/(?:\/|\.{1,2}(?:[/;]|$))|%(?![0-9A-F]{2})/.test(path)) throw new GatewayError('GW_BAD_TARGET');
  return path;
}
