import type { BodySource } from './body-source.ts';
import type { HeaderList } from './headers.ts';

/** An answer on its way to the caller, from an instance or from the gateway's own cache. */
export interface Reply {
  readonly status: number;
  readonly headers: HeaderList;
  readonly body: BodySource;
}

/** Hears of an interim reply (1xx), any number of times before the reply itself (RFC 9110 §15.2). */
export type OnInterim = (status: number, headers: HeaderList) => void;
