import type { DatabaseSync } from 'node:sqlite';
import { inTransaction } from '../service/database.ts';
import { foldText } from '../service/fold-text.ts';
import type { Paging } from '../service/paging.ts';
import type { Customer, CustomerFields, CustomerStatus } from './customer.ts';
import { seedCustomers } from './seed-customers.ts';

const COLUMNS = 'id, name, email, city, status, createdAt';
const VALUES = '$name, $email, $city, $status, $createdAt, $searchText';

/** Creates the table with its first 1,000 customers. */
export function createCustomers(db: DatabaseSync): void {
  db.exec(`CREATE TABLE customers (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    city TEXT NOT NULL,
    status TEXT NOT NULL,
    createdAt TEXT NOT NULL,
    searchText TEXT NOT NULL
  ) STRICT`);
  const store = new CustomerStore(db);
  for (const { createdAt, ...fields } of seedCustomers()) store.add(fields, createdAt);
}

/** The customers in a SQLite file; its statements are prepared once. */
export class CustomerStore {
  readonly #db: DatabaseSync;
  readonly #find;
  readonly #findStatus;
  readonly #list;
  readonly #count;
  readonly #search;
  readonly #countFound;
  readonly #add;
  readonly #save;
  readonly #remove;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#find = db.prepare(`SELECT ${COLUMNS} FROM customers WHERE id = ?`);
    this.#findStatus = db.prepare('SELECT id, status FROM customers WHERE id = ?');
    this.#list = db.prepare(`SELECT ${COLUMNS} FROM customers ORDER BY id LIMIT ? OFFSET ?`);
    this.#count = db.prepare('SELECT count(*) AS total FROM customers');
    this.#search = db.prepare(
      `SELECT ${COLUMNS} FROM customers WHERE instr(searchText, ?) ORDER BY id LIMIT ? OFFSET ?`,
    );
    this.#countFound = db.prepare('SELECT count(*) AS total FROM customers WHERE instr(searchText, ?)');
    this.#add = db.prepare(
      `INSERT INTO customers (name, email, city, status, createdAt, searchText) VALUES (${VALUES}) RETURNING ${COLUMNS}`,
    );
    this.#save = db.prepare(
      `UPDATE customers SET (name, email, city, status, createdAt, searchText) = (${VALUES}) WHERE id = $id`,
    );
    this.#remove = db.prepare('DELETE FROM customers WHERE id = ?');
  }

  find(id: number): Customer | undefined {
    return this.#find.get(id) as Customer | undefined;
  }

  findStatus(id: number): { id: number; status: CustomerStatus } | undefined {
    return this.#findStatus.get(id) as { id: number; status: CustomerStatus } | undefined;
  }

  /** One page of the customers whose name, email or city contains the searched text, and how many there are. */
  list({ page, size, search }: Paging): { items: Customer[]; total: number } {
    const offset = (page - 1) * size;
    const folded = foldText(search);
    const [rows, count] = folded
      ? [this.#search.all(folded, size, offset), this.#countFound.get(folded)]
      : [this.#list.all(size, offset), this.#count.get()];
    return { items: rows as unknown as Customer[], total: Number(count!.total) };
  }

  add(fields: CustomerFields, createdAt: string): Customer {
    return this.#add.get({ ...fields, createdAt, searchText: searchText(fields) }) as unknown as Customer;
  }

  save(customer: Customer): void {
    this.#save.run({ ...customer, searchText: searchText(customer) });
  }

  remove(id: number): void {
    this.#remove.run(id);
  }

  /** Runs `work` with no other process writing in between. */
  exclusively<T>(work: () => T): T {
    return inTransaction(this.#db, work);
  }
}

function searchText({ name, email, city }: CustomerFields): string {
  return foldText(`${name}\n${email}\n${city}`);
}
