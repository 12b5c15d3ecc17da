import http from 'node:http';
import { customer } from '../cases.ts';

const [port] = process.argv.slice(2);

http
  .createServer((_request, reply) => {
    reply.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': customer.length }).end(customer);
  })
  .listen(Number(port), '127.0.0.1');
