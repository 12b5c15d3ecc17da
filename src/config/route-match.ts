import * as z from 'zod';
import { expecting } from './expecting.ts';
import { parsePathTemplate } from './path-template.ts';
import { flag, headerName, text } from './values.ts';

const condition = z
  .union(
    [
      z.string(),
      z.strictObject({ present: flag }),
      z.strictObject({ pattern: z.string(expecting('a regular expression (RE2)')) }),
    ],
    expecting('a text, { present: true } or { pattern: expression }'),
  )
  .meta({
    id: 'Condition',
    description: 'The value; or { present }; or { pattern }: an RE2 expression for the whole value.',
  });

const pathPattern = text(
  /^\^\/(?:.*[^\\])?(?:\\\\)*\$$/s,
  'an expression for the whole path, from ^/ to $, such as ^/orders/(?<id>[0-9]+)$',
);

const path = z.string(expecting('a path such as /customers/{id} or /customers/*')).superRefine((written, context) => {
  const template = parsePathTemplate(written);
  if (typeof template === 'string') {
    context.addIssue({ code: 'custom', message: template });
    return;
  }
  const twice = template.parameters.find((name, index) => template.parameters.indexOf(name) !== index);
  if (twice !== undefined) context.addIssue({ code: 'custom', message: `the parameter {${twice}} occurs twice` });
});

const hostForm =
  /^(?:\*\.)?(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$|^\[[0-9a-f:.]+\]$/;
const nonEmpty = expecting('at least one');

/** What a request must look like to take a route. */
export const routeMatch = z
  .strictObject({
    methods: z
      .exactOptional(
        z
          .array(
            text(/^[!#$%&'*+.^_`|~0-9A-Z-]+$/, 'a method in upper case such as GET'),
            expecting('a list of methods'),
          )
          .min(1, nonEmpty),
      )
      .describe('Any of these; all when absent. GET implies HEAD.'),
    hosts: z
      .exactOptional(
        z
          .array(
            text(hostForm, 'a host such as api.example.com or *.example.com, without a port'),
            expecting('a list of hosts'),
          )
          .min(1, nonEmpty),
      )
      .describe('Any of these, lower case, without port; *.example.com takes every name below example.com.'),
    path: z.exactOptional(path).describe('{name} takes one segment, a final /* takes the rest.'),
    pattern: z
      .exactOptional(pathPattern)
      .describe('RE2 expression for the whole path, from ^/ to $; its named groups can be used in to.path.'),
    headers: z
      .exactOptional(z.record(headerName, condition, expecting('header fields and their values')))
      .describe('All of these header fields.'),
    query: z
      .exactOptional(z.record(z.string(), condition, expecting('query parameters and their values')))
      .describe('All of these query parameters.'),
  })
  .superRefine((match, context) => {
    if ((match.path === undefined) !== (match.pattern === undefined)) return;
    context.addIssue({ code: 'custom', message: 'write path or pattern: one of them, not both' });
  });

/** See {@link routeMatch}. Exactly one of `path` and `pattern` is present. */
export type RouteMatch = z.output<typeof routeMatch>;

/** What a header field or query parameter must be: this text, there or not there, or a match of the whole value. */
export type Condition = z.output<typeof condition>;

/** What a match captures for `to.path` and `when.subject`: parameter or group names, and the rest of the path. */
export function capturesOf(match: RouteMatch): { parameters: ReadonlySet<string>; wildcard: boolean } {
  if (match.path !== undefined) {
    const template = parsePathTemplate(match.path);
    if (typeof template === 'string') return { parameters: new Set(), wildcard: false };
    return { parameters: new Set(template.parameters), wildcard: template.wildcard };
  }
  const groups = (match.pattern ?? '').replaceAll(/\\./g, '').matchAll(/\(\?P?<([A-Za-z_][A-Za-z0-9_]*)>/g);
  return { parameters: new Set(Array.from(groups, (group) => group[1]!)), wildcard: false };
}
