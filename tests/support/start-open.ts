import { type Script, type ScriptedUpstream, startScriptedUpstream } from './scripted-upstream.ts';
import { startGateway, type TestGateway } from './start-gateway.ts';

/** A gateway that lets everything through to one upstream with this script; `settings` are further lines of YAML. */
export async function startOpen(
  script: Script,
  settings = '',
  service = '',
): Promise<{ upstream: ScriptedUpstream; gateway: TestGateway }> {
  const upstream = await startScriptedUpstream(script);
  const gateway = await startGateway(`
${settings}
services: { things: { instances: ["${upstream.url}"]${service} } }
routes: [{ id: things, match: { path: /* }, to: { service: things }, access: public }]
`);
  return { upstream, gateway };
}

/** A request without a body after which the connection ends. */
export const get = (path: string, fields: readonly string[] = [], method = 'GET'): string =>
  `${[`${method} ${path} HTTP/1.1`, 'Host: a', 'Connection: close', ...fields].join('\r\n')}\r\n\r\n`;

/** Splits what came on a connection into the heads and bodies of its replies, interim ones too. */
export const repliesOf = (bytes: string): string[] => bytes.split(/(?=HTTP\/1\.1 \d)/);
