import { readWishes } from '../../model/quality-values.ts';
import { english } from './messages/english.ts';
import type { Messages } from './messages/messages.ts';
import { spanish } from './messages/spanish.ts';

/** The languages of the pages; where nothing else is wanted, the first. */
const languages = { en: english, es: spanish } as const satisfies Record<string, Messages>;

/** A language that pages are written in, as in the attribute `lang`. */
export type Language = keyof typeof languages;

/** The texts of the pages in a language. */
export const messagesIn = (language: Language): Messages => languages[language];

/** `es-mx`, `*`: a language range. */
const rangeForm = /^(\*|[a-z]{1,8})(?:-[a-z0-9-]*)?$/;

/**
 * The language that a browser wants most (RFC 9110 §12.5.4), regions aside: Mexican Spanish is Spanish. Parts that are
 * malformed are passed over; of several that are wanted alike, the first one counts.
 */
export function chooseLanguage(acceptLanguage: string | undefined): Language {
  const wanted = new Map<string, number>();
  for (const { value, quality } of readWishes((acceptLanguage ?? '').slice(0, longestField))) {
    const [, language] = rangeForm.exec(value) ?? [];
    if (language !== undefined) wanted.set(language, Math.max(wanted.get(language) ?? 0, quality));
  }
  const order = [...wanted.keys(), ...Object.keys(languages)];
  const [best] = (Object.keys(languages) as Language[])
    .map((language) => ({ language, quality: wanted.get(language) ?? wanted.get('*') ?? 0 }))
    .sort((a, b) => b.quality - a.quality || order.indexOf(a.language) - order.indexOf(b.language));
  return best!.language;
}

/** No browser sends more. */
const longestField = 500;
