import { Http2ServerRequest } from 'node:http2';
import type { HeaderList } from '../model/headers.ts';

/**
 * A request that came as an HTTP/2 stream, in the form that everything behind the edge knows: `Host` from `:authority`,
 * one Cookie field, no pseudo fields. A body that is cut never ends, as with HTTP/1.1: there is only a `close`.
 */
export class Http2Request extends Http2ServerRequest {
  /** Bytes of the header, as they would be with HTTP/1.1. */
  readonly headSize: number;

  constructor(...[stream, headers, options, rawHeaders]: ConstructorParameters<typeof Http2ServerRequest>) {
    const fields = plainFields(rawHeaders);
    if (headers[':authority'] !== undefined) headers.host = headers[':authority'];
    // Only here, where parsers of bodies look for it: on its way to the service a body is framed anew.
    if (!stream.endAfterHeaders && headers['content-length'] === undefined) headers['transfer-encoding'] = 'chunked';
    super(stream, headers, options, fields);
    this.headSize = rawHeaders.reduce((size, text) => size + text.length + 2, 0);
    // A stream whose body waits to be read would not be told to be closed by a reset without an error.
    stream.once('aborted', () => process.nextTick(() => stream.destroy()));
  }

  /** Whether all of it has come. Node says so of a body that was cut, too. */
  // @ts-expect-error The types have a property where Node has an accessor.
  override get complete(): boolean {
    return (this.readableEnded || this.stream.endAfterHeaders) && !this.stream.aborted;
  }

  /** Every value of each field, as `IncomingMessage` has it. */
  get headersDistinct(): NodeJS.Dict<string[]> {
    const distinct: NodeJS.Dict<string[]> = Object.create(null);
    for (let i = 0; i < this.rawHeaders.length; i += 2) {
      const name = this.rawHeaders[i]!;
      distinct[name] = [...(distinct[name] ?? []), this.rawHeaders[i + 1]!];
    }
    return distinct;
  }

  override push(chunk: unknown, encoding?: BufferEncoding): boolean {
    if (chunk !== null || !this.stream.aborted) return super.push(chunk, encoding);
    this.destroy();
    return false;
  }
}

/** The fields as HTTP/1.1 would have them (RFC 9113 §8.2.3, §8.3.1). A `Host` that says something else stays, as a second one. */
function plainFields(raw: readonly string[]): HeaderList {
  const fields: string[] = [];
  const cookies: string[] = [];
  let authority: string | undefined;
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i]!;
    const value = raw[i + 1]!;
    if (name === ':authority') {
      authority = value;
      fields.push('host', value);
    } else if (name === 'cookie') cookies.push(value);
    else if (name.startsWith(':') || (name === 'host' && value.toLowerCase() === authority?.toLowerCase())) continue;
    else fields.push(name, value);
  }
  if (cookies.length > 0) fields.push('cookie', cookies.join('; '));
  return fields;
}
