import { fieldsOf, statusOf } from './raw-client.ts';

/**
 * What is wrong with all that a caller received for one request on a connection of its own: interim replies, one final
 * reply, and not a byte beside them. A body that was cut is no fault of its form.
 * @param bytes latin1
 */
export function lintReply(bytes: string, method: string): string[] {
  let rest = bytes;
  while (statusOf(rest) < 200) rest = rest.slice(rest.indexOf('\r\n\r\n') + 4);
  const status = statusOf(rest);
  const end = rest.indexOf('\r\n\r\n');
  if (rest === '') return [];
  if (Number.isNaN(status) || end === -1) return [`no reply: ${JSON.stringify(rest.slice(0, 100))}`];
  const body = rest.slice(end + 4);
  const [lengths, codings] = [fieldsOf(rest, 'content-length'), fieldsOf(rest, 'transfer-encoding')];
  if (lengths.length + codings.length > 1) return [`two framings: ${JSON.stringify(rest.slice(0, end))}`];
  if (method === 'HEAD' || status === 204 || status === 304)
    return body === '' ? [] : [`a body with ${status} to ${method}`];
  if (codings.length > 0) return lintChunks(body);
  return lengths.length > 0 && body.length > Number(lengths[0]) ? ['more than the length says'] : [];
}

function lintChunks(body: string): string[] {
  let rest = body;
  for (;;) {
    const [line = '', size = ''] = /^([0-9a-f]+)\r\n/.exec(rest) ?? [];
    if (line === '') return rest === '' ? [] : [`no chunk: ${JSON.stringify(rest.slice(0, 50))}`];
    rest = rest.slice(line.length);
    const length = Number.parseInt(size, 16);
    if (length === 0)
      return /^(?:[!#-'*+.0-9A-Z^-z|~-]+: [^\r\n\0]*\r\n)*\r\n$/.test(rest) ? [] : ['an end with something after it'];
    if (rest.length >= length + 2 && rest.slice(length, length + 2) !== '\r\n') return ['a chunk that does not end'];
    rest = rest.slice(length + 2);
  }
}
