import type { DatabaseSync } from 'node:sqlite';
import { appendAuditEvent, forgetAuditBefore, queryAudit } from './audit.ts';
import {
  addClient,
  findClient,
  hasClientOrigin,
  listClients,
  rotateClientSecret,
  setClientDisabled,
} from './clients.ts';
import { consumeCode, createGrant } from './codes.ts';
import { addConsent, findConsent, withdrawConsent } from './consents.ts';
import { findGrant, listGrants, revokeAllGrants, revokeGrant } from './grants.ts';
import { createInteraction, findInteraction, takeInteraction } from './interactions.ts';
import { createFirstKey, dropKey, forgetRemovedKeys, listKeys, resealKeys, rotateKey } from './keys.ts';
import { addRefreshToken, findGrantByRefresh, rotateRefreshToken } from './refresh-tokens.ts';
import { appendRevocation, listLiveRevocations } from './revocations.ts';
import { createFirstSecret, listSecrets } from './secrets.ts';
import { createSession, endAllSessions, endSession, useSession } from './sessions.ts';
import { addUser, changeUser, findUser, findUserByUsername, listUsers, replaceUserHash } from './users.ts';

/** Everything that the main thread may ask of the database, by name. Each runs inside a transaction. */
export const verbs = {
  'keys.list': listKeys,
  'keys.createFirst': createFirstKey,
  'keys.rotate': rotateKey,
  'keys.drop': dropKey,
  'keys.forgetRemoved': forgetRemovedKeys,
  'keys.reseal': resealKeys,
  'keys.listSecrets': listSecrets,
  'keys.createFirstSecret': createFirstSecret,
  'revocations.append': appendRevocation,
  'revocations.live': listLiveRevocations,
  'clients.add': addClient,
  'clients.find': findClient,
  'clients.list': listClients,
  'clients.rotateSecret': rotateClientSecret,
  'clients.setDisabled': setClientDisabled,
  'clients.hasOrigin': hasClientOrigin,
  'grants.create': createGrant,
  'grants.consumeCode': consumeCode,
  'grants.addRefresh': addRefreshToken,
  'grants.rotateRefresh': rotateRefreshToken,
  'grants.findByRefresh': findGrantByRefresh,
  'grants.find': findGrant,
  'grants.revoke': revokeGrant,
  'grants.revokeAll': revokeAllGrants,
  'grants.list': listGrants,
  'sessions.create': createSession,
  'sessions.use': useSession,
  'sessions.end': endSession,
  'sessions.endAll': endAllSessions,
  'interactions.create': createInteraction,
  'interactions.find': findInteraction,
  'interactions.take': takeInteraction,
  'consents.find': findConsent,
  'consents.add': addConsent,
  'consents.withdraw': withdrawConsent,
  'users.add': addUser,
  'users.findByUsername': findUserByUsername,
  'users.find': findUser,
  'users.list': listUsers,
  'users.change': changeUser,
  'users.replaceHash': replaceUserHash,
  'audit.append': appendAuditEvent,
  'audit.query': queryAudit,
  'audit.forgetBefore': forgetAuditBefore,
} as const;

/** The name of a verb. */
export type Verb = keyof typeof verbs;

/** What a verb takes besides the database. */
export type VerbInput<V extends Verb> =
  Parameters<(typeof verbs)[V]> extends [DatabaseSync, ...infer Input] ? Input : never;

/** What a verb gives. */
export type VerbOutput<V extends Verb> = ReturnType<(typeof verbs)[V]>;
