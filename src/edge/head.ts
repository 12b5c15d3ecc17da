import type { IncomingMessage } from 'node:http';
import { GatewayError } from '../errors/gateway-error.ts';

/** What the edge reads from a request's header, in one pass. */
export interface Head {
  readonly host: string;
  /** Declared length of the body in bytes. */
  readonly length: number | undefined;
  readonly chunked: boolean;
  readonly traceparent: string | undefined;
  readonly via: readonly string[];
}

const hostForm = /^(?:[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?\.?|\[[0-9a-f:.]+\])(?::\d{1,5})?$/;

/**
 * Reads what decides how a request is framed and where it is meant for, stricter than Node's parser does (RFC 9112
 * §3.2, §6.3). Throws {@link GatewayError} 400 or 501 for what another server could read in another way.
 * @param authority of an absolute-form target; it takes the place of Host
 */
export function readHead({ rawHeaders, httpVersionMinor }: IncomingMessage, authority: string | undefined): Head {
  const hosts: string[] = [];
  const lengths: string[] = [];
  const codings: string[] = [];
  const via: string[] = [];
  let traceparent: string | undefined;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const value = rawHeaders[i + 1]!;
    switch (rawHeaders[i]!.toLowerCase()) {
      case 'host':
        hosts.push(value);
        break;
      case 'content-length':
        lengths.push(value);
        break;
      case 'transfer-encoding':
        codings.push(value);
        break;
      case 'traceparent':
        traceparent = value;
        break;
      case 'via':
        via.push(value);
        break;
    }
  }
  if (hosts.length !== 1) throw new GatewayError('GW_BAD_HOST');
  const host = (authority ?? hosts[0]!).toLowerCase();
  if (!hostForm.test(host)) throw new GatewayError('GW_BAD_HOST');
  return { host, ...readFraming(lengths, codings, httpVersionMinor), traceparent, via };
}

function readFraming(lengths: readonly string[], codings: readonly string[], minor: number) {
  const [length] = lengths;
  const [coding] = codings;
  if (coding === undefined) {
    if (lengths.length > 1 || (length !== undefined && !/^\d{1,15}$/.test(length)))
      throw new GatewayError('GW_BAD_REQUEST');
    return { length: length === undefined ? undefined : Number(length), chunked: false };
  }
  if (codings.length > 1 || length !== undefined || minor === 0 || coding === '')
    throw new GatewayError('GW_BAD_REQUEST');
  if (coding.toLowerCase() !== 'chunked') throw new GatewayError('GW_NOT_IMPLEMENTED');
  return { length: undefined, chunked: true };
}
