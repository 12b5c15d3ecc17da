import type { ProductFields } from './product.ts';

const kinds = [
  { name: 'mug', category: 'kitchen', priceCents: 1_250 },
  { name: 'tea pot', category: 'kitchen', priceCents: 3_900 },
  { name: 'lamp', category: 'lighting', priceCents: 5_400 },
  { name: 'lantern', category: 'lighting', priceCents: 2_800 },
  { name: 'notebook', category: 'paper', priceCents: 890 },
  { name: 'calendar', category: 'paper', priceCents: 1_490 },
  { name: 'blanket', category: 'textiles', priceCents: 6_750 },
  { name: 'cushion', category: 'textiles', priceCents: 2_300 },
  { name: 'backpack', category: 'travel', priceCents: 8_900 },
  { name: 'travel wallet', category: 'travel', priceCents: 3_150 },
];
const makes = ['Blue', 'Hand-made', 'Large', 'Recycled', 'Small', 'Striped'];

/** The demo's 60 products, the same ones in every run: each kind in each make. */
export function seedProducts(): ProductFields[] {
  return kinds.flatMap(({ name, category, priceCents }, kind) =>
    makes.map((make, index) => ({
      name: `${make} ${name}`,
      category,
      priceCents: priceCents + index * 110,
      currency: 'EUR' as const,
      stock: (kind * 37 + index * 11) % 90,
    })),
  );
}
