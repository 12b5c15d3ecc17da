import { randomBytes } from 'node:crypto';
import type { KeyStore, SigningAlgorithm } from '../stores/key-store.ts';
import type { Logger } from '../telemetry/logger.ts';
import { createKeyRing, type KeyDescription, publishedBefore, retiresFor } from './key-ring.ts';
import { type RepeatTimer, scheduleRotation } from './key-schedule.ts';
import { createSealing, damaged } from './key-sealing.ts';
import { createSealedKeyStore, type SealedKeyStore } from './sealed-key-store.ts';
import { generateSigningKey, type PublicJwk, readSigningKey, type SigningKey } from './signing-key.ts';

/** The keys of this authorization server. */
export interface SigningKeys {
  /** The one that signs new tokens. */
  current(): SigningKey;
  /** The key of this id, if it is one of ours. */
  find(id: string): SigningKey | undefined;
  /** What verifiers elsewhere need (RFC 7517 §5): also of the key that is to sign next. */
  publicJwks(): { readonly keys: readonly PublicJwk[] };
  /** In the order in which they begin to sign. */
  list(): readonly KeyDescription[];
  /**
   * Publishes a new key, which takes over when verifiers elsewhere have had the time to fetch it. Undefined, and nothing
   * done, while another one is waiting for that already. Rejects with a StoreError.
   */
  rotate(): Promise<KeyDescription | undefined>;
  /**
   * Removes a key at once, and with it every token that it signed; a new one takes over when it was the one that signs.
   * For a key that others may have. False when there is no such key. Rejects with a StoreError.
   */
  drop(id: string): Promise<boolean>;
  /** Calls the listener whenever a key was dropped, until the function that comes back is called. */
  subscribe(listener: () => void): () => void;
  /** What codes and refresh tokens are made with: 32 bytes that stay the same for as long as the store lives. */
  readonly opaqueSecret: Buffer;
  /** Ends the schedule; resolves when a rotation that is going on is over. */
  close(): Promise<void>;
}

/** What {@link openSigningKeys} needs. */
export interface SigningKeysOptions {
  readonly store: KeyStore;
  /** Signs new tokens; keys of the other algorithm go on verifying. */
  readonly algorithm: SigningAlgorithm;
  /** The time in seconds since the epoch. */
  readonly clock: () => number;
  readonly log: Pick<Logger, 'info' | 'error'>;
  /** Seals what the store keeps. Without it keys lie open there. */
  readonly encryptionKey?: string | undefined;
  /** How long a key signs, in seconds; without it until somebody rotates. At least an hour. */
  readonly rotateEvery?: number | undefined;
  /** Default: a timer of Node's that keeps no process alive. */
  readonly setTimer?: RepeatTimer;
}

/**
 * Opens the keys of the store; the first start makes the first ones.
 *
 * Rejects with a StoreError when the store fails, is sealed with a key that is not this one, or something in it is
 * damaged. Nothing in it was changed then.
 */
export async function openSigningKeys(options: SigningKeysOptions): Promise<SigningKeys> {
  const { algorithm, clock, log, rotateEvery } = options;
  const store = createSealedKeyStore(options.store, createSealing(options.encryptionKey));
  const seconds = (): number => Math.floor(clock());
  const listeners = new Set<() => void>();
  const readKeys = async (): Promise<SigningKey[]> => (await store.list()).map(readSigningKey);

  // What cannot be read must stay as it is: everything is read before anything is written.
  const present = await readKeys();
  const opaqueSecret = (await findOpaqueSecret(store)) ?? (await createOpaqueSecret(store));
  if (!present.some((key) => key.algorithm === algorithm)) {
    await store.createFirst(await generateSigningKey(algorithm, seconds()));
  }
  await store.sealRest();
  await store.forgetRemoved(seconds());
  let ring = createKeyRing(await readKeys(), algorithm);

  let changes: Promise<unknown> = Promise.resolve();
  /** Changes come one after the other: the ring is never that of an earlier moment. */
  function change<Result>(act: () => Promise<Result>): Promise<Result> {
    const turn = changes.then(async () => {
      const result = await act();
      ring = createKeyRing(await readKeys(), algorithm);
      return result;
    });
    changes = turn.catch(() => {});
    return turn;
  }

  async function rotate(): Promise<KeyDescription | undefined> {
    const id = await change(async () => {
      const now = seconds();
      const key = await generateSigningKey(algorithm, now, now + publishedBefore);
      await store.forgetRemoved(now);
      return (await store.rotate(key, key.activeFrom + retiresFor, now)) ? key.id : undefined;
    });
    return ring.list(clock()).find((key) => key.id === id);
  }

  const age = (): number => clock() - ring.signing(clock()).activeFrom;
  const { setTimer } = options;
  const schedule =
    rotateEvery === undefined ? undefined : await scheduleRotation({ rotateEvery, age, rotate, log, setTimer });

  return {
    opaqueSecret,
    current: () => ring.signing(clock()),
    find: (id) => ring.find(id, clock()),
    publicJwks: () => ring.publicJwks(clock()),
    list: () => ring.list(clock()),
    rotate,
    async drop(id) {
      const isDropped = await change(async () => store.drop(id, await generateSigningKey(algorithm, seconds())));
      for (const listener of listeners) listener();
      return isDropped;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: async () => schedule?.close(),
  };
}

const secretName = 'opaque-tokens';
const secretBytes = 32;

async function findOpaqueSecret(store: SealedKeyStore): Promise<Buffer | undefined> {
  const found = (await store.listSecrets()).find(({ name }) => name === secretName);
  return found && decodeSecret(found.value);
}

async function createOpaqueSecret(store: SealedKeyStore): Promise<Buffer> {
  const value = randomBytes(secretBytes).toString('base64url');
  return decodeSecret((await store.createFirstSecret({ name: secretName, value })).value);
}

function decodeSecret(value: string): Buffer {
  const bytes = Buffer.from(value, 'base64url');
  if (bytes.length !== secretBytes || bytes.toString('base64url') !== value) throw damaged(`secret ${secretName}`);
  return bytes;
}
