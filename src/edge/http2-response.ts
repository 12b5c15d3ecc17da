import { validateHeaderName, validateHeaderValue } from 'node:http';
import { constants, Http2ServerResponse, type OutgoingHttpHeaders } from 'node:http2';
import { acceptsTrailers } from '../forwarding/hop-by-hop.ts';
import type { HeaderList } from '../model/headers.ts';
import type { Http2Request } from './http2-request.ts';

/** What HTTP/2 has frames for instead (RFC 9113 §8.2.2): a caller would take the whole reply for malformed. */
const ofConnections: ReadonlySet<string> = new Set([
  'connection',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'upgrade',
]);

/**
 * The response of an {@link Http2Request}, which does what one of HTTP/1.1 would: fields that cannot be written are
 * refused before anything is sent, a body where none belongs is dropped, and what is destroyed is an error to the caller.
 */
export class Http2Response extends Http2ServerResponse<Http2Request> {
  #refusesRest = false;

  // @ts-expect-error The types have a property where Node has nothing.
  override get destroyed(): boolean {
    return this.stream.destroyed;
  }

  /** Whether all of it is out. Node ends the stream of a reply that was cut, too, and that of a reply to HEAD at once. */
  // @ts-expect-error As above.
  override get writableFinished(): boolean {
    return this.writableEnded && this.stream.writableFinished && !this.stream.aborted;
  }

  override writeHead(status: number, ...rest: readonly unknown[]): this {
    const { stream } = this;
    if (stream.destroyed || stream.closed) return this;
    const fields = this.#fieldsWith(rest.at(-1));
    this.statusCode = status;
    const waitForTrailers = !this.#isBodiless && acceptsTrailers(this.req.rawHeaders);
    if (this.#refusesRest) {
      // Node sends trailers in the turn after that in which it wants them.
      const close = (): void => void setImmediate(() => stream.close(constants.NGHTTP2_NO_ERROR));
      stream.once(waitForTrailers ? 'wantTrailers' : 'finish', close);
    }
    stream.respond([':status', String(status), ...fields], { waitForTrailers });
    return this;
  }

  override write(chunk: string | Uint8Array, ...rest: unknown[]): boolean {
    if (!this.headersSent) this.writeHead(this.statusCode);
    if (this.#isBodiless || this.stream.destroyed) return true;
    return super.write(chunk, ...(rest as []));
  }

  override addTrailers(trailers: OutgoingHttpHeaders | readonly (readonly [string, string])[]): void {
    const values: Record<string, string[]> = Object.create(null);
    for (const [name, value] of Array.isArray(trailers) ? trailers : Object.entries(trailers)) {
      const lower = name.toLowerCase();
      values[lower] = [...(values[lower] ?? []), value];
    }
    super.addTrailers(values);
  }

  override writeContinue(): void {
    this.writeInterim(100, []);
  }

  /** Interim replies (1xx) come before the reply or not at all. */
  writeInterim(status: number, fields: HeaderList): void {
    const { stream } = this;
    if (stream.destroyed || stream.closed || stream.headersSent) return;
    const headers: Record<string, string | string[] | number> = Object.create(null);
    for (let i = 0; i < fields.length; i += 2) {
      const name = fields[i]!.toLowerCase();
      if (ofConnections.has(name)) continue;
      headers[name] = [...((headers[name] as string[] | undefined) ?? []), fields[i + 1]!];
    }
    stream.additionalHeaders({ ...headers, ':status': status });
  }

  /** Before the reply: tells the caller, once it is out, that the rest of the request is not wanted (RFC 9113 §8.1). */
  refuseRest(): void {
    this.#refusesRest = true;
  }

  /** Without an error the caller would take what came so far for the whole. */
  override destroy(error: Error = new Error('the reply is cut')): this {
    this.stream.destroy(error);
    return this;
  }

  get #isBodiless(): boolean {
    return this.req.method === 'HEAD' || [204, 205, 304].includes(this.statusCode);
  }

  /** What has been set before, and what is given now in its place, without what belongs to connections. */
  #fieldsWith(given: unknown): string[] {
    const now = Array.isArray(given) ? (given as string[]) : flatten((given ?? {}) as OutgoingHttpHeaders);
    const replaced = new Set(now.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase()));
    const before = flatten(this.getHeaders()).filter((_, index, all) => !replaced.has(all[index - (index % 2)]!));
    const fields: string[] = [];
    for (const list of [before, now]) {
      for (let i = 0; i < list.length; i += 2) {
        const name = list[i]!.toLowerCase();
        if (ofConnections.has(name)) continue;
        validateHeaderName(name);
        validateHeaderValue(name, list[i + 1]!);
        fields.push(name, String(list[i + 1]));
      }
    }
    return fields;
  }
}

const flatten = (headers: OutgoingHttpHeaders): string[] =>
  Object.entries(headers).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).flatMap((one) => (one === undefined ? [] : [name, String(one)])),
  );
