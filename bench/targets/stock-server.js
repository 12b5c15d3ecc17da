import http from 'node:http';
import express from 'express';
import { createProxyMiddleware } from 'http-proxy-middleware';

const [port, ...upstreams] = process.argv.slice(2);
let turn = 0;

const proxy = createProxyMiddleware({
  target: upstreams[0],
  agent: new http.Agent({ keepAlive: true }),
  xfwd: true,
  router: () => upstreams[turn++ % upstreams.length],
});

express().use(proxy).listen(Number(port), '127.0.0.1');
