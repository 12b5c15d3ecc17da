import { bare } from './bare.ts';
import { fastify } from './fastify.ts';
import { garita } from './garita.ts';
import { nginx } from './nginx.ts';
import { oidcProvider } from './oidc-provider.ts';
import { stock } from './stock.ts';
import type { Target } from './target.ts';

/** Every target, in the order of the table. */
export const targets: readonly Target[] = [garita, stock, fastify, nginx, bare, oidcProvider];
