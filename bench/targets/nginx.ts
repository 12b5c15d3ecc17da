import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { paths } from '../cases.ts';
import { findPorts, waitForPort } from '../children.ts';
import { findCommand } from '../machine.ts';
import { nginxHttp, nginxMain } from '../nginx-directives.ts';
import type { Target } from './target.ts';

export const nginx: Target = {
  name: 'nginx',
  about: 'plain nginx: one worker, keep-alive to the three instances, no access log; no token, no limit',
  caches: true,
  absent: () => (findCommand('nginx') ? undefined : 'nginx is not installed'),
  async start({ children, upstreams, scratch }) {
    const [port] = (await findPorts(1)) as [number];
    const directory = path.join(scratch, 'nginx');
    mkdirSync(directory, { recursive: true });
    const file = path.join(directory, 'nginx.conf');
    writeFileSync(file, configure(port, upstreams, directory));
    const child = children.start('nginx', ['-p', directory, '-c', file, '-e', 'stderr'], { core: children.serverCore });
    await waitForPort(port, child);
    return { url: `http://127.0.0.1:${port}`, process: child, stop: () => children.stop(child) };
  },
};

function configure(port: number, upstreams: readonly string[], directory: string): string {
  return `${nginxMain(directory)}
http {${nginxHttp(directory)}
  proxy_cache_path ${directory}/cache keys_zone=replies:1m;
  map $upstream_cache_status $cache_status { HIT "nginx; hit"; default ""; }
  upstream customers {
    ${upstreams.map((url) => `server ${new URL(url).host};`).join('\n    ')}
    keepalive 512;
  }
  server {
    listen 127.0.0.1:${port} backlog=1024;
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    location / { proxy_pass http://customers; }
    location = ${paths.status} {
      proxy_pass http://customers;
      proxy_cache replies;
      proxy_cache_valid 200 1h;
      add_header Cache-Status $cache_status;
    }
  }
}
`;
}
