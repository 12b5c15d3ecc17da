import { aboutRoutes } from '../service/about.ts';
import { openDatabase } from '../service/database.ts';
import { runService } from '../service/run-service.ts';
import { CustomerStore, createCustomers } from './customer-store.ts';
import { customerRoutes } from './routes.ts';

await runService('customers', ({ instance, database }) => {
  const db = openDatabase(database, createCustomers);
  return {
    routes: {
      ...customerRoutes(new CustomerStore(db)),
      ...aboutRoutes(instance, db, new URL('openapi.json', import.meta.url)),
    },
    close: () => db.close(),
  };
});
