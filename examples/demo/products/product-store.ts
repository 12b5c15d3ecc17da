import type { DatabaseSync } from 'node:sqlite';
import { inTransaction } from '../service/database.ts';
import { foldText } from '../service/fold-text.ts';
import type { Paging } from '../service/paging.ts';
import type { Product, ProductFields } from './product.ts';
import { seedProducts } from './seed-products.ts';

const COLUMNS = 'id, name, category, priceCents, currency, stock';
const VALUES = '$name, $category, $priceCents, $currency, $stock, $searchText';

/** Creates the table with its first 60 products. */
export function createProducts(db: DatabaseSync): void {
  db.exec(`CREATE TABLE products (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    category TEXT NOT NULL,
    priceCents INTEGER NOT NULL,
    currency TEXT NOT NULL,
    stock INTEGER NOT NULL,
    searchText TEXT NOT NULL
  ) STRICT`);
  const store = new ProductStore(db);
  for (const fields of seedProducts()) store.add(fields);
}

/** The products in a SQLite file; its statements are prepared once. */
export class ProductStore {
  readonly #db: DatabaseSync;
  readonly #find;
  readonly #search;
  readonly #count;
  readonly #add;
  readonly #save;
  readonly #remove;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#find = db.prepare(`SELECT ${COLUMNS} FROM products WHERE id = ?`);
    this.#search = db.prepare(
      `SELECT ${COLUMNS} FROM products WHERE instr(searchText, ?) ORDER BY id LIMIT ? OFFSET ?`,
    );
    this.#count = db.prepare('SELECT count(*) AS total FROM products WHERE instr(searchText, ?)');
    this.#add = db.prepare(
      `INSERT INTO products (name, category, priceCents, currency, stock, searchText) VALUES (${VALUES}) RETURNING ${COLUMNS}`,
    );
    this.#save = db.prepare(
      `UPDATE products SET (name, category, priceCents, currency, stock, searchText) = (${VALUES}) WHERE id = $id`,
    );
    this.#remove = db.prepare('DELETE FROM products WHERE id = ?');
  }

  find(id: number): Product | undefined {
    return this.#find.get(id) as Product | undefined;
  }

  /** One page of the products whose name or category contains the searched text, and how many there are. */
  list({ page, size, search }: Paging): { items: Product[]; total: number } {
    const folded = foldText(search);
    const items = this.#search.all(folded, size, (page - 1) * size) as unknown as Product[];
    return { items, total: Number(this.#count.get(folded)!.total) };
  }

  add(fields: ProductFields): Product {
    return this.#add.get({ ...fields, searchText: searchText(fields) }) as unknown as Product;
  }

  save(product: Product): void {
    this.#save.run({ ...product, searchText: searchText(product) });
  }

  remove(id: number): void {
    this.#remove.run(id);
  }

  /** Runs `work` with no other process writing in between. */
  exclusively<T>(work: () => T): T {
    return inTransaction(this.#db, work);
  }
}

function searchText({ name, category }: ProductFields): string {
  return foldText(`${name}\n${category}`);
}
