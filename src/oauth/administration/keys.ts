import { showValue } from '../../config/decode.ts';
import type { SigningKeys } from '../../tokens/keys.ts';
import type { Audit } from '../audit.ts';
import { type Administration, AdministrationError } from './administration.ts';
import { reasonOf } from './withdraw.ts';

/** What {@link administerKeys} needs. */
export interface KeysOptions {
  readonly keys: Pick<SigningKeys, 'list' | 'rotate' | 'drop'>;
  readonly audit: Audit;
}

/** The keys that sign tokens. */
export function administerKeys({ keys, audit }: KeysOptions): Administration['keys'] {
  return {
    list: async () => keys.list(),
    async rotate(by) {
      const key = await keys.rotate();
      if (key === undefined) {
        throw new AdministrationError(
          'conflict',
          'a new key is waiting to take over already: "next" in the list of keys. Rotate again when it signs',
        );
      }
      await audit.record({ type: 'key.rotated', ...reasonOf(by, `${key.id} signs from ${isoOf(key.activeFrom)}`) });
      return key;
    },
    async drop(id, by) {
      if (!(await keys.drop(id))) throw new AdministrationError('not-found', `there is no key ${showValue(id)}`);
      await audit.record({ type: 'key.dropped', ...reasonOf(by, id) });
    },
  };
}

const isoOf = (seconds: number): string => new Date(seconds * 1_000).toISOString();
