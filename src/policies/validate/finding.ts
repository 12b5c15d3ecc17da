import { GatewayError } from '../../errors/gateway-error.ts';
import type { Misfit } from './compile-schema.ts';
import { writePointer } from './json-pointer.ts';

/** One thing that is wrong with a request, as its caller reads it. Never a value: it may be a secret. */
export interface Finding {
  readonly in: 'body' | 'query' | 'header' | 'path';
  /** A JSON Pointer into the body, or the name of the parameter or field. */
  readonly at: string;
  readonly message: string;
}

/** As many as a person reads; a caller could cause any number of them. */
const most = 20;

/** A key of the caller's in a reply is no longer than this. */
const longest = 200;

/** The refusal that tells all findings, up to twenty. */
export function refuseFor(findings: readonly Finding[]): GatewayError {
  const errors = findings.slice(0, most).map((finding) => ({ ...finding, at: shorten(finding.at) }));
  const [first] = errors;
  const cause = new Error(`${first?.in} ${first?.at}: ${first?.message}`);
  return new GatewayError('GW_REQUEST_INVALID', { members: { errors }, cause });
}

const shorten = (text: string): string => (text.length > longest ? `${text.slice(0, longest)}…` : text);

/** A finding in the body, at a JSON Pointer (RFC 6901). */
export const inBody = ({ path, message }: Misfit): Finding => ({ in: 'body', at: writePointer(path), message });
