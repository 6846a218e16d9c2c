import type { Route } from '../route.ts';
import { contactRoutes } from './contacts.ts';
import { organizationRoutes } from './organizations.ts';
import { warehouseRoutes } from './warehouses.ts';

/** Every endpoint the sandbox serves. */
export const routes: readonly Route[] = [...organizationRoutes, ...contactRoutes, ...warehouseRoutes];
