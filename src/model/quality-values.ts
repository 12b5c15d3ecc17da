/** A member of a field that says what its sender would like. */
export interface Wish {
  /** In lower case, such as `es-mx`, `gzip` or `*`. */
  readonly value: string;
  /** How much it is wanted, from 0 (not at all) to 1. */
  readonly quality: number;
}

const wishForm = /^([^\s;,]+)(?:\s*;\s*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?$/i;

/** The members of a field such as `Accept-Encoding`, in order (RFC 9110 §12.4.2). What is malformed is passed over. */
export function readWishes(field: string): readonly Wish[] {
  return field.split(',').flatMap((member) => {
    const [, value, quality = '1'] = wishForm.exec(member.trim()) ?? [];
    return value === undefined ? [] : [{ value: value.toLowerCase(), quality: Number(quality) }];
  });
}
