import { checkFields, oneOf, text, wholeNumber } from '../service/fields.ts';

/** What a caller may set; the price is in hundredths of its currency. */
export interface ProductFields {
  readonly name: string;
  readonly category: string;
  readonly priceCents: number;
  readonly currency: 'EUR' | 'USD';
  readonly stock: number;
}

/** A product as the API shows it. */
export interface Product extends ProductFields {
  readonly id: number;
}

/** Reads the body of a creation or replacement. Throws a 400 problem. */
export function readProductFields(document: unknown): ProductFields {
  return checkFields<ProductFields>(document, {
    name: text(120),
    category: text(40),
    priceCents: wholeNumber(0, 100_000_000),
    currency: oneOf(['EUR', 'USD']),
    stock: wholeNumber(0, 1_000_000),
  });
}
