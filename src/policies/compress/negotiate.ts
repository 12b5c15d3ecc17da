import { type HeaderList, listMembers } from '../../model/headers.ts';
import { readWishes } from '../../model/quality-values.ts';

/** Content codings that replies can be given in (RFC 9110 §8.4.1, RFC 7932, RFC 8878). */
export const codings = ['br', 'zstd', 'gzip'] as const;

/** See {@link codings}. */
export type Coding = (typeof codings)[number];

/**
 * The coding that a caller wants most of those on offer (RFC 9110 §12.5.3); of several wanted alike, the first on offer.
 * Undefined when the reply goes as it is: the caller said nothing, likes that better, or takes none of these.
 */
export function chooseCoding(headers: HeaderList, offered: readonly Coding[]): Coding | undefined {
  const wanted = new Map<string, number>();
  for (const { value, quality } of readWishes(listMembers(headers, 'accept-encoding').join(','))) {
    const name = value === 'x-gzip' ? 'gzip' : value;
    wanted.set(name, Math.max(wanted.get(name) ?? 0, quality));
  }
  const others = wanted.get('*') ?? 0;
  // Nobody has to name it, and then it is what is left when nothing else fits.
  let best = wanted.get('identity') ?? others;
  let chosen: Coding | undefined;
  for (const coding of offered) {
    const quality = wanted.get(coding) ?? others;
    if (quality > best || (chosen === undefined && quality === best && quality > 0)) {
      best = quality;
      chosen = coding;
    }
  }
  return chosen;
}
