import type { IncomingMessage } from 'node:http';
import { GatewayError } from '../errors/gateway-error.ts';
import { Http2Request } from './http2-request.ts';

/** What the edge reads from a request's header, in one pass. */
export interface Head {
  readonly host: string;
  /** Declared length of the body in bytes. */
  readonly length: number | undefined;
  /** The length shows when the body is there. */
  readonly chunked: boolean;
  readonly traceparent: string | undefined;
  readonly via: readonly string[];
  /** The caller waits for `100 Continue` before it sends the body (RFC 9110 §10.1.1). */
  readonly expectsContinue: boolean;
}

const hostForm = /^(?:[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?\.?|\[[0-9a-f:.]+\])(?::\d{1,5})?$/;

/**
 * Reads what decides how a request is framed and where it is meant for, stricter than Node's parser does (RFC 9112
 * §3.2, §6.3). Throws {@link GatewayError} 400, 417, 501 or 505 for what
 * another server could read in another way, or what this one does not do.
 * @param authority of an absolute-form target; it takes the place of Host
 */
export function readHead(request: IncomingMessage, authority: string | undefined): Head {
  const { rawHeaders, httpVersionMajor, httpVersionMinor } = request;
  const stream = request instanceof Http2Request ? request : undefined;
  if (httpVersionMajor !== 1 && stream === undefined) throw new GatewayError('GW_VERSION_NOT_SUPPORTED');
  const isOld = stream === undefined && httpVersionMinor === 0;
  const hosts: string[] = [];
  const lengths: string[] = [];
  const codings: string[] = [];
  const via: string[] = [];
  const expectations: string[] = [];
  let traceparent: string | undefined;
  let credentials = 0;
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
      case 'expect':
        expectations.push(value);
        break;
      case 'authorization':
        credentials += 1;
        break;
    }
  }
  if (hosts.length !== 1) throw new GatewayError('GW_BAD_HOST');
  const host = (authority ?? hosts[0]!).toLowerCase();
  if (!hostForm.test(host)) throw new GatewayError('GW_BAD_HOST');
  // Node and many servers take the first of them, some the last.
  if (credentials > 1) throw new GatewayError('GW_BAD_CREDENTIALS');
  const expectsContinue = readExpectations(expectations, isOld);
  const framing = stream === undefined ? readFraming(lengths, codings, isOld) : streamFraming(stream, lengths, codings);
  return { host, ...framing, traceparent, via, expectsContinue };
}

function readExpectations(values: readonly string[], isOld: boolean): boolean {
  // RFC 9110 §10.1.1: who speaks HTTP/1.0 cannot mean it.
  if (values.length === 0 || isOld) return false;
  const members = values.flatMap((value) => value.split(',')).map((member) => member.trim().toLowerCase());
  if (members.some((member) => member !== '100-continue' && member !== ''))
    throw new GatewayError('GW_EXPECTATION_FAILED');
  return members.includes('100-continue');
}

function readFraming(lengths: readonly string[], codings: readonly string[], isOld: boolean) {
  const [length] = lengths;
  const [coding] = codings;
  if (coding === undefined) {
    if (lengths.length > 1 || (length !== undefined && !/^\d{1,15}$/.test(length)))
      throw new GatewayError('GW_BAD_REQUEST');
    return { length: length === undefined ? undefined : Number(length), chunked: false };
  }
  if (codings.length > 1 || length !== undefined || isOld || coding === '') throw new GatewayError('GW_BAD_REQUEST');
  if (coding.toLowerCase() !== 'chunked') throw new GatewayError('GW_NOT_IMPLEMENTED');
  return { length: undefined, chunked: true };
}

/** RFC 9113 §8.1.1, §8.2.2: the stream itself says where the body ends, and which scheme a request is for. */
function streamFraming(request: Http2Request, lengths: readonly string[], codings: readonly string[]) {
  if (codings.length > 0 || !/^https?$/.test(request.scheme)) throw new GatewayError('GW_BAD_REQUEST');
  const { length } = readFraming(lengths, codings, false);
  return { length, chunked: length === undefined && !request.stream.endAfterHeaders };
}
