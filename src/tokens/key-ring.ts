import type { SigningAlgorithm } from '../stores/key-store.ts';
import type { PublicJwk, SigningKey } from './signing-key.ts';

/** A key as operators see it. Times in seconds since the epoch. */
export interface KeyDescription {
  readonly id: string;
  readonly algorithm: SigningAlgorithm;
  /** Only published yet, signing, or there for the tokens that it signed. */
  readonly state: 'next' | 'active' | 'retiring';
  readonly createdAt: number;
  readonly activeFrom: number;
  readonly removedFrom?: number;
}

/** The keys of one moment, and what each is good for as time goes by: nothing has to happen when its state changes. */
export interface KeyRing {
  /** The key that signs at `now`. */
  signing(now: number): SigningKey;
  find(id: string, now: number): SigningKey | undefined;
  publicJwks(now: number): { readonly keys: readonly PublicJwk[] };
  list(now: number): readonly KeyDescription[];
}

/**
 * How long a key is published before it signs, in seconds: verifiers elsewhere keep what they have fetched for ten
 * minutes, and their clocks may differ.
 */
export const publishedBefore = 10 * 60 + 60;
/** How long a key verifies after it has signed for the last time: the longest life of a token, and different clocks. */
export const retiresFor = 15 * 60 + 60;

/** Puts keys, in the order in which they begin to sign, on a ring. One of the algorithm that signs has no end. */
export function createKeyRing(keys: readonly SigningKey[], algorithm: SigningAlgorithm): KeyRing {
  const byId = new Map(keys.map((key) => [key.id, key]));
  const candidates = keys.filter((key) => key.algorithm === algorithm);

  // Where the key before was dropped, or the clock has gone back, the next one has to begin before its time.
  const signing = (now: number): SigningKey =>
    candidates.findLast((key) => key.activeFrom <= now && now < lastSignedAt(key)) ??
    candidates.find((key) => key.activeFrom > now)!;
  const present = (now: number): SigningKey[] => keys.filter((key) => !isGone(key, now));

  return {
    signing,
    find(id, now) {
      const key = byId.get(id);
      return key === undefined || isGone(key, now) ? undefined : key;
    },
    publicJwks: (now) => ({ keys: present(now).map((key) => key.publicJwk) }),
    list: (now) =>
      present(now).map((key) => {
        const { id, createdAt, activeFrom, removedFrom } = key;
        const state = key === signing(now) ? 'active' : now < activeFrom ? 'next' : 'retiring';
        const removal = removedFrom === undefined ? {} : { removedFrom };
        return { id, algorithm: key.algorithm, state, createdAt, activeFrom, ...removal };
      }),
  };
}

const isGone = ({ removedFrom }: SigningKey, now: number): boolean => removedFrom !== undefined && removedFrom <= now;

const lastSignedAt = ({ removedFrom }: SigningKey): number =>
  removedFrom === undefined ? Number.POSITIVE_INFINITY : removedFrom - retiresFor;
