/** Text without case, accents and outer blanks, so that a search for "jose" finds "José". */
export function foldText(value: string): string {
  return value.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().trim();
}
