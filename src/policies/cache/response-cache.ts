import type { HeaderList } from '../../model/headers.ts';
import { BoundedMemory } from '../../stores/memory/bounded-memory.ts';
import { PathTree } from './path-tree.ts';
import { variantOf } from './storable.ts';

/** A whole reply that can be given again. */
export interface CachedReply {
  readonly status: number;
  readonly headers: HeaderList;
  readonly body: Buffer;
  /** Monotonic milliseconds when it was stored, and its age in seconds at that time. */
  readonly storedAt: number;
  readonly age: number;
  /** Milliseconds that it stays fresh from `storedAt`. */
  readonly freshFor: number;
}

/** Paths whose replies are no longer true: one path, or with `below` also all under it. */
export interface StalePaths {
  readonly path: string;
  readonly below: boolean;
}

/** Where a reply is kept, for which requests and for how long. */
export interface StorageTerms {
  readonly key: string;
  readonly path: string;
  /** The header of the request that it answers, for its variant. */
  readonly request: HeaderList;
  /** Request fields that tell variants apart. */
  readonly vary: readonly string[];
  /** Milliseconds from now. */
  readonly freshFor: number;
  /** Seconds that it was old already when it came. */
  readonly age: number;
  /** From {@link ResponseCache.mark}, taken before the service was asked. */
  readonly mark: number;
}

interface Entry {
  readonly path: string;
  /** A reply, or for a resource with variants the names of the fields that tell them apart. */
  readonly content: CachedReply | { readonly vary: readonly string[] };
}

/** Limits of a {@link ResponseCache}. */
export interface ResponseCacheOptions {
  /** Bytes for everything together. */
  readonly maxBytes: number;
  /** Bytes of one body. */
  readonly maxBody: number;
  /** Monotonic, in milliseconds. */
  readonly clock: () => number;
}

// Rough cost of an entry beside its body and header, and of each segment of its path in the index.
const overhead = 500;
const segmentOverhead = 300;
const rememberedInvalidations = 256;

/** The gateway's memory of replies, bounded in bytes, oldest use first. */
export class ResponseCache {
  readonly maxBody: number;
  readonly #clock: () => number;
  readonly #entries: BoundedMemory<Entry>;
  readonly #paths = new PathTree();
  #invalidations: StalePaths[] = [];
  #invalidated = 0;

  constructor(options: ResponseCacheOptions) {
    this.maxBody = options.maxBody;
    this.#clock = options.clock;
    this.#entries = new BoundedMemory({
      maxBytes: options.maxBytes,
      clock: options.clock,
      onEvict: (key, entry) => this.#paths.remove(entry.path, key),
    });
  }

  get bytes(): number {
    return this.#entries.bytes;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The fresh reply for a key, in the variant that the request's header asks for. */
  find(key: string, request: HeaderList): CachedReply | undefined {
    const content = this.#entries.get(key)?.content;
    if (content === undefined || 'body' in content) return content;
    const variant = this.#entries.get(variantKey(key, request, content.vary))?.content;
    return variant !== undefined && 'body' in variant ? variant : undefined;
  }

  /** A mark to take before asking a service: what is stored with it must not be older than an invalidation. */
  mark(): number {
    return this.#invalidated;
  }

  /** Keeps a reply, unless an invalidation has overtaken it. */
  store(terms: StorageTerms, status: number, headers: HeaderList, body: Buffer): void {
    const { key, path, request, vary, freshFor, age, mark } = terms;
    if (this.#isOvertaken(path, mark)) return;
    const content: CachedReply = { status, headers, body, storedAt: this.#clock(), age, freshFor };
    if (vary.length === 0) return this.#set(key, { path, content });
    this.#set(key, { path, content: { vary } });
    this.#set(variantKey(key, request, vary), { path, content });
  }

  /** Forgets the replies of some paths. Returns how many. */
  invalidate(stale: StalePaths): number {
    this.#invalidated += 1;
    this.#invalidations.push(stale);
    if (this.#invalidations.length > rememberedInvalidations) this.#invalidations.shift();
    const keys = this.#paths.find(stale.path, stale.below);
    for (const key of keys) {
      const entry = this.#entries.get(key);
      this.#entries.delete(key);
      if (entry !== undefined) this.#paths.remove(entry.path, key);
    }
    return keys.length;
  }

  #set(key: string, entry: Entry): void {
    const segments = entry.path.split('/').length;
    const bytes = overhead + segments * segmentOverhead + key.length * 2 + weigh(entry.content);
    const freshFor = 'body' in entry.content ? entry.content.freshFor : Number.MAX_SAFE_INTEGER;
    if (this.#entries.set(key, entry, bytes, freshFor)) this.#paths.add(entry.path, key);
    else this.#paths.remove(entry.path, key);
  }

  #isOvertaken(path: string, mark: number): boolean {
    const since = this.#invalidated - mark;
    if (since > this.#invalidations.length) return true;
    const recent = this.#invalidations.slice(this.#invalidations.length - since);
    return recent.some((stale) => path === stale.path || (stale.below && path.startsWith(`${stale.path}/`)));
  }

  /** Seconds since the reply was made (RFC 9111 §4.2.3). */
  ageOf(reply: CachedReply): number {
    return reply.age + Math.floor((this.#clock() - reply.storedAt) / 1000);
  }

  /** Seconds that it has left. */
  freshnessOf(reply: CachedReply): number {
    return Math.ceil((reply.storedAt + reply.freshFor - this.#clock()) / 1000);
  }
}

const variantKey = (key: string, request: HeaderList, vary: readonly string[]): string =>
  `${key}\n\n${variantOf(request, vary)}`;

function weigh(content: Entry['content']): number {
  if (!('body' in content)) return 0;
  return content.body.length + content.headers.reduce((sum, text) => sum + text.length * 2, 0);
}
