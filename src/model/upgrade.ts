import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

/** A request to go on as a WebSocket (RFC 6455 §4.1): the connection that has left HTTP, and what came after the header. */
export interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
}

const upgrades = Symbol('garita.upgrade');

/** Marks a request as one that asks for an upgrade. */
export function attachUpgrade(upgrade: Upgrade): void {
  (upgrade.request as Upgrading)[upgrades] = upgrade;
}

/** The upgrade that a request asks for; undefined for a plain one. */
export const upgradeOf = (request: IncomingMessage): Upgrade | undefined => (request as Upgrading)[upgrades];

type Upgrading = IncomingMessage & { [upgrades]?: Upgrade };
