import type { IncomingMessage } from 'node:http';
import { Problem } from './problem.ts';
import type { Reply } from './reply.ts';

/** One request on its way to a handler. */
export interface Call {
  readonly request: IncomingMessage;
  /** The decoded values of the template's `{names}`. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The query as it came, without its question mark. */
  readonly query: string;
}

export type Handler = (call: Call) => Reply | Promise<Reply>;

/** Path template (`/customers/{id}`) → method → handler. GET answers HEAD too. */
export type Routes = Readonly<Record<string, Readonly<Partial<Record<string, Handler>>>>>;

interface CompiledRoute {
  readonly segments: readonly string[];
  readonly handlers: ReadonlyMap<string, Handler>;
  readonly allow: string;
}

/**
 * Answers requests by their path and method. The router throws (or rejects with) a problem when no route has the path
 * (404), the route lacks the method (405 with Allow) or a parameter is badly encoded (400).
 */
export function createRouter(routes: Routes): (request: IncomingMessage) => Reply | Promise<Reply> {
  const compiled = Object.entries(routes).map(([template, methods]) => compileRoute(template, methods));

  return (request) => {
    const [path, query] = splitTarget(request.url!);
    const segments = path.split('/');
    const route = compiled.find((candidate) => matches(candidate.segments, segments));
    if (!route) throw new Problem(404, 'There is nothing at this path.');
    const handler = route.handlers.get(request.method!);
    if (!handler) {
      throw new Problem(405, `This path answers ${route.allow}.`, { headers: { Allow: route.allow } });
    }
    return handler({ request, parameters: readParameters(route.segments, segments), query });
  };
}

function compileRoute(template: string, methods: Routes[string]): CompiledRoute {
  const handlers = new Map(Object.entries(methods) as [string, Handler][]);
  const get = handlers.get('GET');
  if (get) handlers.set('HEAD', get);
  return { segments: template.split('/'), handlers, allow: [...handlers.keys()].join(', ') };
}

function splitTarget(target: string): [path: string, query: string] {
  const mark = target.indexOf('?');
  return mark === -1 ? [target, ''] : [target.slice(0, mark), target.slice(mark + 1)];
}

function matches(template: readonly string[], segments: readonly string[]): boolean {
  return (
    template.length === segments.length &&
    template.every((part, index) => (isParameter(part) ? segments[index] !== '' : part === segments[index]))
  );
}

function readParameters(template: readonly string[], segments: readonly string[]): Record<string, string> {
  const parameters: Record<string, string> = {};
  template.forEach((part, index) => {
    if (isParameter(part)) parameters[part.slice(1, -1)] = decodeSegment(segments[index]!);
  });
  return parameters;
}

function isParameter(part: string): boolean {
  return part.startsWith('{');
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new Problem(400, 'The path has a percent sign that does not start a valid UTF-8 escape.');
  }
}
