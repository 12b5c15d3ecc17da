import type { RequestHandler } from 'express';
import type { Access, When } from '../config/schema.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import { type Exchange, exchangeOf } from '../model/exchange.ts';
import type { Principal } from '../model/principal.ts';
import { bearerChallenge } from './challenge.ts';

/** A rule for callers who are known: not for public routes. */
export type AccessRule = Extract<Access, { kind: 'authenticated' }>;

/** The guard that lets a principal pass by its scopes, then by the rule's condition (RFC 6750 §3.1). */
export function requireAccess({ scopes, when }: AccessRule, realm: string): RequestHandler {
  const needed = [...scopes.all, ...scopes.any].join(' ');
  const holds = when === undefined ? undefined : compileWhen(when);
  return (request, _response, next) => {
    const exchange = exchangeOf(request);
    const { principal } = exchange;
    if (principal === undefined) throw new Error('the access rule runs after authentication');
    if (!hasScopes(principal, scopes)) {
      throw new GatewayError('GW_SCOPE_INSUFFICIENT', {
        headers: bearerChallenge(realm, { error: 'insufficient_scope', scope: needed }),
        members: { scope: needed },
      });
    }
    if (holds?.(principal, exchange) === false) throw new GatewayError('GW_FORBIDDEN');
    next();
  };
}

function hasScopes(principal: Principal, { all, any }: AccessRule['scopes']): boolean {
  if (!all.every((scope) => principal.scopes.includes(scope))) return false;
  return any.length === 0 || any.some((scope) => principal.scopes.includes(scope));
}

type Condition = (principal: Principal, exchange: Exchange) => boolean;

function compileWhen(when: When): Condition {
  const conditions: Condition[] = [];
  const { role, claim, subject, certificate, any, all } = when;
  if (role !== undefined) conditions.push((principal) => role.some((name) => principal.roles.includes(name)));
  for (const [name, accepted] of Object.entries(claim ?? {})) {
    conditions.push(({ claims }) => Object.hasOwn(claims, name) && holdsOneOf(claims[name], accepted));
  }
  if (subject !== undefined) conditions.push((principal, { params }) => isSegment(params[subject], principal.subject));
  if (certificate !== undefined) {
    const accepted = new Set(certificate.subject);
    conditions.push((_, { certificate: shown }) => shown !== undefined && accepted.has(shown.subject));
  }
  if (any !== undefined) {
    const some = any.map(compileWhen);
    conditions.push((principal, exchange) => some.some((condition) => condition(principal, exchange)));
  }
  if (all !== undefined) conditions.push(...all.map(compileWhen));
  return (principal, exchange) => conditions.every((condition) => condition(principal, exchange));
}

function holdsOneOf(value: unknown, accepted: readonly unknown[]): boolean {
  return Array.isArray(value) ? value.some((item) => accepted.includes(item)) : accepted.includes(value);
}

// Captured slices are still percent-encoded, and the canonical path has no encoding within an encoding.
function isSegment(segment: string | undefined, subject: string): boolean {
  try {
    return segment !== undefined && decodeURIComponent(segment) === subject;
  } catch {
    return false;
  }
}
