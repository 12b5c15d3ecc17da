import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { connectRaw, rawRequest } from '../support/raw-client.ts';
import { reply, type ScriptedUpstream, startScriptedUpstream } from '../support/scripted-upstream.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';

/** A gateway to attack: small limits, short times, and an instance that answers everything. */
export async function startTarget(): Promise<{ gateway: TestGateway; upstream: ScriptedUpstream }> {
  const upstream = await startScriptedUpstream(async (seen, socket) => {
    const body = await Promise.race([seen.body, new Promise<string>((resolve) => setTimeout(resolve, 50, 'late'))]);
    if (socket.writable) socket.write(reply(200, [], `${seen.method} ${body.length}`));
  });
  const gateway = await startGateway(`
limits: { body: 100kB, headerTimeout: 200ms, requestTimeout: 400ms, address: false }
services: { things: { instances: ["${upstream.url}"], timeouts: { connect: 1s, firstByte: 1s, total: 2s } } }
routes:
  - { id: guarded, match: { path: /guarded/* }, to: { service: things }, access: authenticated }
  - { id: things, match: { path: /* }, to: { service: things }, access: public }
`);
  return { gateway, upstream };
}

/**
 * Sends these pieces on a connection of their own, and resolves to what came back by the time the gateway ended it or
 * had nothing more to say.
 */
export async function attack(port: number, pieces: readonly string[]): Promise<string> {
  const connection = await connectRaw(port);
  for (const piece of pieces) {
    if (connection.socket.destroyed) break;
    connection.write(piece);
    await new Promise(setImmediate);
  }
  const patience = new Promise<string>((resolve) => setTimeout(() => resolve(connection.received), 60));
  const received = await Promise.race([connection.closed, patience]);
  connection.socket.destroy();
  return received;
}

/** What an ordinary caller gets after an attack. */
export const ordinary = (port: number): Promise<string> =>
  rawRequest(port, 'POST /ordinary HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello');

/** Bytes of memory that are in use when everything that can be given back is. */
export function memoryInUse(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Connections of this process that are open, listeners left out. */
export const openSockets = (): number =>
  process.getActiveResourcesInfo().filter((resource) => resource === 'TCPSocketWrap').length;
