/** What a request asks for, in the one form that matching, guards, limits, the cache key and the upstream all see. */
export interface Target {
  /** Canonical path: starts with a slash, RFC 3986 §6.2.2 normalised, slashes merged. Still percent-encoded. */
  readonly path: string;
  /** The query as the caller sent it, byte for byte, with its question mark; empty when there was none. */
  readonly query: string;
}
