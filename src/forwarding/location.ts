import { type PathTemplate, parsePathTemplate } from '../config/path-template.ts';

/** Two names of the same place: the beginning of a path at the service, and what callers know it by. */
export interface PathMapping {
  readonly internal: string;
  readonly external: string;
}

/**
 * What a route says about names of other resources of its service: `/api/v1/customers/{id}` → `/customers/{id}` means
 * that `/customers` is known as `/api/v1/customers`. Undefined where the paths are the same or share no ending.
 */
export function mapPaths(external: string | undefined, internal: string | undefined): PathMapping | undefined {
  if (external === undefined || internal === undefined || external === internal) return undefined;
  const outside = literalsOf(parsePathTemplate(external));
  const inside = literalsOf(parsePathTemplate(internal));
  const common = inside.at(-1);
  if (common === undefined || outside.at(-1) !== common) return undefined;
  return { internal: `/${inside.join('/')}`, external: `/${outside.join('/')}` };
}

/** The segments before the first parameter. */
function literalsOf(template: PathTemplate | string): string[] {
  if (typeof template === 'string') return [];
  const first = template.segments.findIndex((segment) => !('literal' in segment));
  const literals = first === -1 ? template.segments : template.segments.slice(0, first);
  return literals.map((segment) => ('literal' in segment ? segment.literal : ''));
}

/** Turns the address that a service gives of itself into the one that callers can follow; others stay as they are. */
export function mapLocation(value: string, origin: string, mapping: PathMapping | undefined): string {
  const own = value.startsWith(`${origin}/`) ? value.slice(origin.length) : value;
  if (mapping === undefined || !own.startsWith(mapping.internal)) return own;
  const rest = own.slice(mapping.internal.length);
  return rest === '' || '/?#'.includes(rest[0]!) ? mapping.external + rest : own;
}

/** Fields whose value is the address of a resource (RFC 9110 §10.2.2, §8.7). */
export const isLocation = (name: string): boolean => name === 'location' || name === 'content-location';
