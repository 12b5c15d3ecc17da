import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { customer, paths, report } from '../cases.ts';
import type { Child, Children } from '../children.ts';
import { nginxHttp, nginxMain } from '../nginx-directives.ts';

/** One nginx process that listens on all the ports and forwards to nothing but itself. */
export function startNginxUpstream(ports: readonly number[], children: Children, scratch: string): Child {
  const directory = path.join(scratch, 'upstream');
  mkdirSync(directory);
  writeFileSync(path.join(directory, 'report'), report);
  const file = path.join(directory, 'nginx.conf');
  writeFileSync(file, configure(ports, directory));
  return children.start('nginx', ['-p', directory, '-c', file, '-e', 'stderr']);
}

// `return` answers before it has read a body, as no real service does, so POST goes round by a second server of the
// same process: nginx then reads all of the body first, and its Content-Length is what was really read.
function configure(ports: readonly number[], directory: string): string {
  return `master_process off;${nginxMain(directory)}
http {${nginxHttp(directory)}
  default_type application/json;
  sendfile on;
  open_file_cache max=10;
  upstream read_body { server unix:${directory}/read.sock; keepalive 64; }
  server {
    ${ports.map((port) => `listen 127.0.0.1:${port} backlog=1024;`).join('\n    ')}
    location = ${paths.customer} { return 200 '${customer}'; }
    location = ${paths.status} { return 200 '${customer}'; }
    location = ${paths.report} { alias ${directory}/report; }
    location = ${paths.orders} {
      proxy_pass http://read_body;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
    }
  }
  server {
    listen unix:${directory}/read.sock;
    location / { return 200 '{"length":$content_length}'; }
  }
}
`;
}
