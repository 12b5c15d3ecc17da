import { checkFields, email, isJsonObject, oneOf, type Rule, text } from '../service/fields.ts';

/** What a caller may set. */
export interface CustomerFields {
  readonly name: string;
  readonly email: string;
  readonly city: string;
  readonly status: CustomerStatus;
}

/** A customer as the API shows it; `createdAt` is an RFC 3339 time in UTC. */
export interface Customer extends CustomerFields {
  readonly id: number;
  readonly createdAt: string;
}

export type CustomerStatus = 'active' | 'suspended' | 'closed';

const fieldRules = {
  name: text(120),
  email: email(),
  city: text(80),
  status: oneOf(['active', 'suspended', 'closed']),
};

/** Reads the body of a creation; a new customer is active unless it says otherwise. Throws a 400 problem. */
export function readNewCustomer(document: unknown): CustomerFields {
  return checkFields<CustomerFields>(withPresets(document, { status: 'active' }), fieldRules);
}

/**
 * Reads the complete next state of a customer. `id` and `createdAt` may be there, as a caller got them, but cannot
 * change. Throws a 400 problem.
 */
export function readReplacedCustomer(document: unknown, current: Customer): Customer {
  const { id, createdAt } = current;
  const rules = { ...fieldRules, id: unchanged(id), createdAt: unchanged(createdAt) };
  const fields = checkFields<Customer>(withPresets(document, { id, createdAt }), rules);
  const { name, email, city, status } = fields;
  return { id, name, email, city, status, createdAt };
}

/**
 * Reads a JSON merge patch (RFC 7396) as the next state of a customer. No field holds an object, so nothing merges
 * deeper, and none may be missing, so null (remove) is refused like any wrong value. Throws a 400 problem.
 */
export function readPatchedCustomer(patch: unknown, current: Customer): Customer {
  return readReplacedCustomer(withPresets(patch, current), current);
}

function withPresets(document: unknown, presets: object): unknown {
  return isJsonObject(document) ? { ...presets, ...document } : document;
}

function unchanged(current: unknown): Rule {
  return (value) => (value === current ? undefined : 'cannot be changed');
}
