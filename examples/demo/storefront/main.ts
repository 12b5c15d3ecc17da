import { runService } from '../service/run-service.ts';
import { storefrontRoutes } from './routes.ts';

await runService('storefront', ({ instance }) => ({ routes: storefrontRoutes(instance), close: () => {} }));
