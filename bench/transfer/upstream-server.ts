// The service behind the transfers: `GET …/<bytes>` answers so many bytes, PUT answers what has arrived. Stores nothing.
import http from 'node:http';
import { crc32 } from 'node:zlib';
import { sendContent } from './content.ts';

const answer: http.RequestListener = (request, reply) => {
  if (request.method === 'GET') {
    const bytes = Number(request.url?.split('/').at(-1));
    reply.writeHead(200, { 'Content-Type': 'application/octet-stream', 'Content-Length': bytes });
    sendContent(bytes, reply, () => reply.end());
    return;
  }
  let bytes = 0;
  let sum = 0;
  request.on('data', (piece: Buffer) => {
    bytes += piece.length;
    sum = crc32(piece, sum);
  });
  request.on('end', () => {
    const receipt = JSON.stringify({ bytes, sum });
    reply.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': receipt.length }).end(receipt);
  });
};

for (const port of process.argv.slice(2)) {
  http.createServer({ keepAliveTimeout: 3_600_000, requestTimeout: 0 }, answer).listen(Number(port), '127.0.0.1');
}
