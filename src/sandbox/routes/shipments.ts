import { packageOf } from '../engine/documents/package-record.ts';
import { shipPackages } from '../engine/documents/packages.ts';
import { type Body, given, requiredText } from '../engine/fields.ts';
import { listedShipments, shipmentColumns } from '../engine/package-listing.ts';
import { shipmentOf } from '../engine/records/packages.ts';
import { pageOfListing } from '../page.ts';
import { type Answer, type Call, invalid, missing, type Route } from '../route.ts';
import { textOf } from '../row.ts';

function list(call: Call): Answer {
  const { rows, page_context } = pageOfListing(call, listedShipments(call), shipmentColumns);
  const shipmentorders = rows.map((row) => shipmentOf(call.world.db, textOf(row, 'id')));
  return { message: 'success', body: { shipmentorders, page_context } };
}

/** `package_ids` as a list or, as the live API takes them, joined by commas. */
function packageIds(body: Body): string[] {
  const value = given(body, 'package_ids');
  if (value === undefined) throw missing('package_ids');
  const ids = typeof value === 'string' ? value.split(',').map((id) => id.trim()) : value;
  if (!Array.isArray(ids) || ids.length === 0 || !ids.every((id) => typeof id === 'string' && id !== ''))
    throw invalid('package_ids', 'package_ids must be a list of package ids.');
  return ids;
}

// The live API calls the carrier `delivery_method` and the day `date`.
function shipped({ date, delivery_method, ...body }: Body): Body {
  return {
    ...(date === undefined ? {} : { shipment_date: date }),
    ...(delivery_method === undefined ? {} : { carrier: delivery_method }),
    ...body,
  };
}

function create(call: Call): Answer {
  const { world, body } = call;
  const orderId = requiredText(body, 'salesorder_id');
  const ids = packageIds(body);
  for (const id of ids) {
    const { package_number, salesorder_id } = packageOf(world.db, id);
    if (salesorder_id !== orderId)
      throw invalid('package_ids', `${package_number} belongs to another sales order than ${orderId}.`);
  }
  const id = shipPackages(world, ids, shipped(body));
  return {
    status: 201,
    message: 'Shipment Order has been created.',
    body: { shipmentorder: shipmentOf(world.db, id) },
  };
}

export const shipmentRoutes: readonly Route[] = [
  { method: 'GET', path: '/shipmentorders', handle: list },
  { method: 'POST', path: '/shipmentorders', handle: create },
];
