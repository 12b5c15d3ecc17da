import { requireMatch } from '../service/entity-tag.ts';
import { readJson } from '../service/json-body.ts';
import { pageReply, readPaging } from '../service/paging.ts';
import { noContent, taggedReply } from '../service/reply.ts';
import { notFound, readId } from '../service/resource-id.ts';
import type { Call, Routes } from '../service/router.ts';
import { type Product, readProductFields } from './product.ts';
import type { ProductStore } from './product-store.ts';

/** A catalogue is public and changes seldom: any cache may keep it for a minute. */
const FOR_A_MINUTE = { 'Cache-Control': 'public, max-age=60' };
const CHECK_FIRST = { 'Cache-Control': 'no-cache' };

/** The API of products. Who may write is the gateway's rule, not this service's. */
export function productRoutes(store: ProductStore): Routes {
  return {
    '/products': {
      GET: ({ query }) => {
        const paging = readPaging(query);
        const { items, total } = store.list(paging);
        return pageReply(items, total, paging, FOR_A_MINUTE);
      },
      POST: async ({ request }) => {
        const product = store.add(readProductFields(await readJson(request)));
        return taggedReply(product, { ...CHECK_FIRST, Location: `/products/${product.id}` }, 201);
      },
    },
    '/products/{id}': {
      GET: (call) => taggedReply(requireProduct(call), FOR_A_MINUTE),
      PUT: async (call) => {
        const fields = readProductFields(await readJson(call.request));
        return store.exclusively(() => {
          const { id } = requireUnchanged(call);
          const { name, category, priceCents, currency, stock } = fields;
          const product = { id, name, category, priceCents, currency, stock };
          store.save(product);
          return taggedReply(product, CHECK_FIRST);
        });
      },
      DELETE: (call) =>
        store.exclusively(() => {
          store.remove(requireUnchanged(call).id);
          return noContent;
        }),
    },
  };

  function requireProduct(call: Call): Product {
    const product = store.find(readId(call, 'product'));
    if (!product) throw notFound('product');
    return product;
  }

  function requireUnchanged(call: Call): Product {
    const product = requireProduct(call);
    requireMatch(call.request.headers['if-match'], product);
    return product;
  }
}
