import NodeCache from 'node-cache';

/** Limits of a {@link BoundedMemory}. */
export interface BoundedMemoryOptions<V> {
  /** The sum of the entries' sizes never exceeds this. */
  readonly maxBytes: number;
  /** The time in milliseconds. */
  readonly clock: () => number;
  /** Hears of each entry that had to go because of room or age: not of those deleted or replaced. */
  readonly onEvict?: (key: string, value: V) => void;
}

/** An entry, linked to the ones used just before and after it. */
interface Entry<V> {
  readonly key: string;
  readonly value: V;
  readonly bytes: number;
  readonly expiresAt: number;
  older: Entry<V> | undefined;
  newer: Entry<V> | undefined;
}

/**
 * A memory with a byte budget that forgets the least recently used entries first. node-cache holds the entries; order,
 * budget and age are kept here, because node-cache throws when it is full and lets expired entries keep their place.
 * Each verb takes constant time (`set` plus one step for each entry that it drives out).
 */
export class BoundedMemory<V> {
  readonly #options: BoundedMemoryOptions<V>;
  readonly #entries = new NodeCache({ stdTTL: 0, checkperiod: 0, useClones: false });
  #oldest: Entry<V> | undefined;
  #newest: Entry<V> | undefined;
  #bytes = 0;
  #size = 0;

  constructor(options: BoundedMemoryOptions<V>) {
    this.#options = options;
  }

  /** What the live entries weigh, expired ones that nothing has touched yet included. */
  get bytes(): number {
    return this.#bytes;
  }

  /** How many entries there are, expired ones that nothing has touched yet included. */
  get size(): number {
    return this.#size;
  }

  /** The value, which thereby becomes the most recently used; undefined when it is absent or expired. */
  get(key: string): V | undefined {
    const entry = this.#find(key);
    if (entry === undefined) return undefined;
    if (entry.expiresAt <= this.#options.clock()) {
      this.#evict(entry);
      return undefined;
    }
    if (entry !== this.#newest) {
      this.#unlink(entry);
      this.#append(entry);
    }
    return entry.value;
  }

  /**
   * Remembers a value for `ttlMs` milliseconds, in place of what the key had.
   * False, and nothing remembered under the key, when it alone exceeds the budget or is already over.
   */
  set(key: string, value: V, bytes: number, ttlMs: number): boolean {
    this.delete(key);
    if (bytes > this.#options.maxBytes || ttlMs <= 0) return false;
    while (this.#bytes + bytes > this.#options.maxBytes) this.#evict(this.#oldest!);
    const expiresAt = this.#options.clock() + ttlMs;
    const entry: Entry<V> = { key, value, bytes, expiresAt, older: undefined, newer: undefined };
    this.#entries.set(storedAs(key), entry);
    this.#append(entry);
    this.#bytes += bytes;
    this.#size++;
    return true;
  }

  /** Forgets one entry; false when there was none. */
  delete(key: string): boolean {
    const entry = this.#find(key);
    if (entry === undefined) return false;
    this.#remove(entry);
    return true;
  }

  #find(key: string): Entry<V> | undefined {
    return this.#entries.get<Entry<V>>(storedAs(key));
  }

  #evict(entry: Entry<V>): void {
    this.#remove(entry);
    this.#options.onEvict?.(entry.key, entry.value);
  }

  #remove(entry: Entry<V>): void {
    this.#entries.del(storedAs(entry.key));
    this.#unlink(entry);
    this.#bytes -= entry.bytes;
    this.#size--;
  }

  #unlink(entry: Entry<V>): void {
    if (entry.older === undefined) this.#oldest = entry.newer;
    else entry.older.newer = entry.newer;
    if (entry.newer === undefined) this.#newest = entry.older;
    else entry.newer.older = entry.older;
    entry.older = undefined;
    entry.newer = undefined;
  }

  #append(entry: Entry<V>): void {
    entry.older = this.#newest;
    if (this.#newest === undefined) this.#oldest = entry;
    else this.#newest.newer = entry;
    this.#newest = entry;
  }
}

/** node-cache keeps its entries in a plain object, where `__proto__` and `constructor` are not free to use. */
const storedAs = (key: string): string => `:${key}`;
