import http from 'node:http';
import { text } from 'node:stream/consumers';
import { callHeaders } from './call-headers.ts';
import type { Case } from './cases.ts';
import type { RunningTarget, Target } from './targets/target.ts';

/** Makes the case's call a few times, so that each instance is met, and throws where a reply is not the right one. */
export async function verifyReplies(target: Target, running: RunningTarget, { call, reply, id }: Case): Promise<void> {
  const agent = new http.Agent({ keepAlive: true });
  const url = running.url + call.path;
  let cacheStatus: string | undefined;
  for (let round = 0; round < 6; round++) {
    const request = http.request(url, {
      agent,
      method: call.method,
      headers: callHeaders(call, running),
      timeout: 5_000,
    });
    request.once('timeout', () => request.destroy(new Error('no reply in 5 seconds')));
    const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
      request.once('response', resolve).once('error', reject).end(call.body?.text);
    });
    const body = await text(response);
    if (response.statusCode !== 200) throw new Error(`answers ${response.statusCode}: ${body.slice(0, 300)}`);
    reply.check(body);
    cacheStatus = response.headers['cache-status'] as string | undefined;
  }
  agent.destroy();
  const fromCache = /;\s*hit\b/.test(cacheStatus ?? '');
  const wanted = target.caches && id.startsWith('cache-hit');
  if (fromCache !== wanted) throw new Error(wanted ? 'does not answer from its cache' : 'answers from a cache');
}
