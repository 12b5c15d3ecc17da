import type { IncomingMessage } from 'node:http';
import type { ClientAuthentication } from '../model/client.ts';
import { decodeFormComponent, decodeUtf8, type Form } from './form.ts';
import { OAuthError } from './oauth-error.ts';

/** What a client brought to prove who it is. */
export interface ClientCredentials {
  readonly method: ClientAuthentication;
  readonly clientId: string;
  /** Empty for a client that has none. */
  readonly secret: string;
}

const base64 = /^[A-Za-z0-9+/]*={0,2}$/;

/**
 * Takes the credentials from the Authorization field or the body (RFC 6749 §2.3.1); undefined when there are none, or
 * none of a kind that this server knows.
 *
 * @throws OAuthError when they are malformed, contradict each other, or come in two ways at once.
 */
export function readClientCredentials(req: IncomingMessage, form: Form): ClientCredentials | undefined {
  // The plain `headers` would hide all but the first.
  const fields = req.headersDistinct.authorization ?? [];
  if (fields.length > 1) throw malformed();
  const clientId = form.get('client_id');
  const secret = form.get('client_secret');
  if (fields.length === 1) {
    if (secret !== undefined) {
      throw new OAuthError('invalid_request', 'The client authenticates in two ways at once.');
    }
    const basic = readBasic(fields[0]!);
    if (basic !== undefined && clientId !== undefined && clientId !== basic.clientId) {
      throw new OAuthError('invalid_request', 'The client_id in the body is not the one in the Authorization field.');
    }
    return basic;
  }
  if (clientId === undefined) {
    if (secret !== undefined) throw new OAuthError('invalid_request', 'The parameter client_id is missing.');
    return undefined;
  }
  return secret === undefined
    ? { method: 'none', clientId, secret: '' }
    : { method: 'client_secret_post', clientId, secret };
}

/** RFC 7617, with both parts form-encoded as RFC 6749 §2.3.1 asks. */
function readBasic(field: string): ClientCredentials | undefined {
  const [, scheme, encoded] = /^([^ ]+)(?: +(.*))?$/.exec(field) ?? [];
  if (scheme?.toLowerCase() !== 'basic') return undefined;
  if (encoded === undefined || encoded.length % 4 !== 0 || !base64.test(encoded)) throw malformed();
  const text = decodeUtf8(Buffer.from(encoded, 'base64'));
  const colon = text.indexOf(':');
  if (colon < 1) throw malformed();
  return {
    method: 'client_secret_basic',
    clientId: decodeFormComponent(text.slice(0, colon)),
    secret: decodeFormComponent(text.slice(colon + 1)),
  };
}

const malformed = (): OAuthError => new OAuthError('invalid_request', 'The Authorization field is malformed.');
