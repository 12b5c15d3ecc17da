/** Garita as a library: the same gateway that the command line starts, inside a program of yours. */
export { type LoadedConfig, type LoadOptions, loadConfig, parseConfig } from './config/load.ts';
export { ConfigError, type ConfigProblem } from './config/problem.ts';
export type { Address, Config } from './config/schema.ts';
export { GatewayError } from './errors/gateway-error.ts';
export { createGateway, type Gateway, type GatewayOptions } from './gateway.ts';
export { type Exchange, exchangeOf, type Forward } from './model/exchange.ts';
export type { Principal } from './model/principal.ts';
export type { Reply } from './model/reply.ts';
export {
  type ActivePolicy,
  definePolicy,
  type Policy,
  type PolicyContext,
  type PolicyRoute,
} from './policies/policy.ts';
export { StoreError } from './stores/store-error.ts';
