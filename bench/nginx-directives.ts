/** The part of an nginx configuration that lets it run from a scratch directory, as any user, in the foreground. */
export function nginxMain(scratch: string): string {
  return `
daemon off;
${process.getuid?.() === 0 ? 'user root;' : ''}
worker_processes 1;
worker_rlimit_nofile 8192;
pid ${scratch}/nginx.pid;
error_log stderr crit;
events { worker_connections 4096; }
`;
}

/** The part of its `http` block that the upstream and the target share. */
export function nginxHttp(scratch: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `
  ${temporary.map((kind) => `${kind}_temp_path ${scratch}/${kind};`).join('\n  ')}
  access_log off;
  keepalive_requests 1000000000;
  keepalive_timeout 1h;
  client_body_buffer_size 32k;
`;
}
