import { requireMatch } from '../service/entity-tag.ts';
import { readJson } from '../service/json-body.ts';
import { pageReply, readPaging } from '../service/paging.ts';
import { noContent, type Reply, taggedReply } from '../service/reply.ts';
import { notFound, readId } from '../service/resource-id.ts';
import type { Call, Routes } from '../service/router.ts';
import { type Customer, readNewCustomer, readPatchedCustomer, readReplacedCustomer } from './customer.ts';
import type { CustomerStore } from './customer-store.ts';

/** A copy may be kept, but only used after asking whether it is still right. */
const CHECK_FIRST = { 'Cache-Control': 'no-cache' };
/** Half a minute late is soon enough to learn that a customer was suspended; it spares most of the traffic. */
const SHORTLY = { 'Cache-Control': 'max-age=30' };

/** The API of customers. */
export function customerRoutes(store: CustomerStore): Routes {
  return {
    '/customers': {
      GET: ({ query }) => {
        const paging = readPaging(query);
        const { items, total } = store.list(paging);
        return pageReply(items, total, paging, CHECK_FIRST);
      },
      POST: async ({ request }) => {
        const fields = readNewCustomer(await readJson(request));
        const customer = store.add(fields, new Date().toISOString());
        return taggedReply(customer, { ...CHECK_FIRST, Location: `/customers/${customer.id}` }, 201);
      },
    },
    '/customers/{id}': {
      GET: (call) => taggedReply(requireCustomer(call), CHECK_FIRST),
      PUT: async (call) => {
        const document = await readJson(call.request);
        return change(call, (current) => readReplacedCustomer(document, current));
      },
      PATCH: async (call) => {
        const patch = await readJson(call.request, ['application/merge-patch+json', 'application/json']);
        return change(call, (current) => readPatchedCustomer(patch, current));
      },
      DELETE: (call) =>
        store.exclusively(() => {
          const customer = requireCustomer(call);
          requireMatch(call.request.headers['if-match'], customer);
          store.remove(customer.id);
          return noContent;
        }),
    },
    '/customers/{id}/status': {
      GET: (call) => {
        const found = store.findStatus(readId(call, 'customer'));
        if (!found) throw notFound('customer');
        const { id, status } = found;
        return taggedReply({ id, status, active: status === 'active' }, SHORTLY);
      },
    },
  };

  function requireCustomer(call: Call): Customer {
    const customer = store.find(readId(call, 'customer'));
    if (!customer) throw notFound('customer');
    return customer;
  }

  function change(call: Call, readNext: (current: Customer) => Customer): Reply {
    return store.exclusively(() => {
      const current = requireCustomer(call);
      requireMatch(call.request.headers['if-match'], current);
      const next = readNext(current);
      store.save(next);
      return taggedReply(next, CHECK_FIRST);
    });
  }
}
