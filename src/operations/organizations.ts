import { defineOperation, type Operation } from './define.ts';
import { fieldsToKeep } from './fields.ts';

export const listOrganizations = defineOperation({
  name: 'list_organizations',
  title: 'List organizations',
  description:
    'The organizations these credentials reach, with base currency and time zone. Rarely needed: calls go to the configured one.',
  toolset: 'catalog',
  method: 'GET',
  path: '/organizations',
  effect: 'read',
  scope: 'ZohoInventory.settings.READ',
  source: 'https://www.zoho.com/inventory/api/v1/organizations/',
  input: { fields: fieldsToKeep() },
  reply: 'organizations',
});

/** In the order of the reference. */
export const organizationOperations: readonly Operation[] = [listOrganizations];
