import http from 'node:http';
import { customer, paths, report } from '../cases.ts';

const bodies: Readonly<Record<string, string>> = {
  [paths.customer]: customer,
  [paths.status]: customer,
  [paths.report]: report,
};

function send(reply: http.ServerResponse, body: string): void {
  reply.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': body.length }).end(body);
}

const answer: http.RequestListener = (request, reply) => {
  if (request.method === 'POST') {
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
    });
    request.on('end', () => send(reply, JSON.stringify({ length })));
    return;
  }
  const body = bodies[request.url ?? ''];
  if (body === undefined) reply.writeHead(404).end();
  else send(reply, body);
};

for (const port of process.argv.slice(2)) {
  http.createServer({ keepAliveTimeout: 3_600_000 }, answer).listen(Number(port), '127.0.0.1', 1024);
}
