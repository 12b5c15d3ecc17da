import { aboutRoutes } from '../service/about.ts';
import { openDatabase } from '../service/database.ts';
import { runService } from '../service/run-service.ts';
import { createProducts, ProductStore } from './product-store.ts';
import { productRoutes } from './routes.ts';

await runService('products', ({ instance, database }) => {
  const db = openDatabase(database, createProducts);
  return {
    routes: {
      ...productRoutes(new ProductStore(db)),
      ...aboutRoutes(instance, db, new URL('openapi.json', import.meta.url)),
    },
    close: () => db.close(),
  };
});
