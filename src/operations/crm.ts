import { defineOperation, type Operation } from './define.ts';
import { id, text, wholeNumber } from './fields.ts';
import { same } from './trace.ts';

// Deals of Zoho CRM, for the job that makes orders of them. No tools: the inventory's API does not have these, and what
// agents do in a CRM is another server's matter. Shapes of CRM API v2 (read 2026-11-27); roots and limits are the CRM's.

const docs = 'https://www.zoho.com/crm/developer/docs/api/v2';
const dealId = { deal_id: id('Deal of the CRM') };

export const getCrmDeal = defineOperation({
  name: 'get_crm_deal',
  title: 'Get CRM deal',
  description: 'One deal of the CRM with its name, stage, contact and currency.',
  toolset: 'sales',
  service: 'crm',
  method: 'GET',
  path: '/Deals/{deal_id}',
  effect: 'read',
  scope: 'ZohoCRM.modules.deals.READ',
  source: `${docs}/get-records.html`,
  input: dealId,
  reply: 'deal',
});

export const getCrmContact = defineOperation({
  name: 'get_crm_contact',
  title: 'Get CRM contact',
  description: 'One contact of the CRM with name, e-mail, phone and account.',
  toolset: 'sales',
  service: 'crm',
  method: 'GET',
  path: '/Contacts/{crm_contact_id}',
  effect: 'read',
  scope: 'ZohoCRM.modules.contacts.READ',
  source: `${docs}/get-records.html`,
  input: { crm_contact_id: id('Contact of the CRM') },
  reply: 'crm_contact',
});

// The rows are records of the products, as CRM API v2 prints them: code, name and unit price. The quantity is the deal's own,
// and stands there only where the CRM is set up so; the reference's job reads it as `Quantity`.
export const listCrmDealProducts = defineOperation({
  name: 'list_crm_deal_products',
  title: 'List CRM deal products',
  description: 'Products of one deal of the CRM with code, name, quantity and unit price.',
  toolset: 'sales',
  service: 'crm',
  method: 'GET',
  path: '/Deals/{deal_id}/Products',
  effect: 'read',
  scope: 'ZohoCRM.modules.products.READ',
  source: `${docs}/get-related-records.html`,
  input: { ...dealId, page: wholeNumber(1, 1_000_000).optional(), per_page: wholeNumber(1, 200).default(200) },
  reply: 'products',
  paged: true,
});

export const updateCrmDeal = defineOperation({
  name: 'update_crm_deal',
  title: 'Update CRM deal',
  description: 'Writes the order and its status into a deal of the CRM. Sent again it leaves the same.',
  toolset: 'sales',
  service: 'crm',
  method: 'PUT',
  path: '/Deals/{deal_id}',
  effect: 'update',
  scope: 'ZohoCRM.modules.deals.UPDATE',
  source: `${docs}/update-records.html`,
  input: {
    ...dealId,
    Inventory_SO_ID: id('Sales order made of it'),
    Inventory_Status: text(200, 'What became of it'),
  },
  bodyOf: (fields) => ({ data: [fields] }),
  reply: 'deal',
  trace: same('get_crm_deal'),
});

export const crmOperations: readonly Operation[] = [getCrmDeal, getCrmContact, listCrmDealProducts, updateCrmDeal];
