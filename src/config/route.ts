import * as z from 'zod';
import { type Access, access, type When } from './access.ts';
import { expecting } from './expecting.ts';
import { parsePathTemplate } from './path-template.ts';
import { policyUses } from './policy-use.ts';
import { capturesOf, routeMatch } from './route-match.ts';
import { integer, name } from './values.ts';

const targetPath = z.string(expecting('a path such as /customers/{id} or /customers/*'));

/** One way through the gateway: what it takes, where it leads, who may go. */
export const route = z
  .strictObject({
    id: name.describe('Unique; the name in logs and metrics.'),
    match: routeMatch.describe('What a request must look like.'),
    priority: integer(-1_000_000, 1_000_000).default(0).describe('Where two routes match, the higher one wins.'),
    to: z
      .strictObject({
        service: z.string(expecting('the name of a service')).describe('One of services.'),
        path: z
          .exactOptional(targetPath)
          .describe(
            'Path at the service; {name} and a final * stand for what the match captured. Absent: the same path.',
          ),
      })
      .describe('Where it leads.'),
    access: z.exactOptional(access),
    policies: policyUses,
  })
  .superRefine((value, context) => {
    const refuse = (message: string, ...path: string[]) => context.addIssue({ code: 'custom', path, message });
    const { parameters, wildcard } = capturesOf(value.match);
    const known = parameters.size > 0 ? `it captures {${[...parameters].join('}, {')}}` : 'it captures none';

    const target = value.to.path === undefined ? undefined : parsePathTemplate(value.to.path);
    if (typeof target === 'string') refuse(target, 'to', 'path');
    else if (target !== undefined) {
      for (const parameter of new Set(target.parameters)) {
        if (!parameters.has(parameter)) refuse(`the match has no parameter {${parameter}}: ${known}`, 'to', 'path');
      }
      if (target.wildcard && !wildcard)
        refuse('the match does not end in /*, so there is no rest to put here', 'to', 'path');
    }

    for (const { parameter, path } of subjectsOf(value.access)) {
      if (!parameters.has(parameter)) refuse(`the match has no parameter {${parameter}}: ${known}`, 'access', ...path);
    }
  });

/** See {@link route}. `access` may be absent when the service has one. */
export type RouteConfig = z.output<typeof route>;

/** Every `when.subject` of a rule, with its path in it. */
export function subjectsOf(rule: Access | undefined): { parameter: string; path: string[] }[] {
  if (rule?.kind !== 'authenticated' || rule.when === undefined) return [];
  return subjectsIn(rule.when, ['when']);
}

function subjectsIn(when: When, path: string[]): { parameter: string; path: string[] }[] {
  const below = (['any', 'all'] as const).flatMap((key) =>
    (when[key] ?? []).flatMap((inner, index) => subjectsIn(inner, [...path, key, String(index)])),
  );
  return when.subject === undefined ? below : [{ parameter: when.subject, path: [...path, 'subject'] }, ...below];
}
