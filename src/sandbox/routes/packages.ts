import { packageOf } from '../engine/documents/package-record.ts';
import {
  createPackage,
  deletePackage,
  deliverPackage,
  shipPackage,
  updatePackage,
} from '../engine/documents/packages.ts';
import { listedPackages, packageColumns } from '../engine/package-listing.ts';
import { packageRecord, packageRow } from '../engine/records/packages.ts';
import { packingSlipOf } from '../engine/records/packing-slip.ts';
import { pageOfListing } from '../page.ts';
import type { Answer, Call, Route } from '../route.ts';
import { textOf } from '../row.ts';

const idOf = ({ params }: Call): string => params.package_id ?? '';

const answer = ({ world }: Call, id: string, message: string, status = 200): Answer => ({
  status,
  message,
  body: { package: packageRecord(world.db, packageOf(world.db, id)) },
});

/** The record, or its packing slip for one who accepts a PDF. */
function read(call: Call): Answer {
  const found = packageOf(call.world.db, idOf(call));
  if (!call.accept?.includes('application/pdf')) return answer(call, found.package_id, 'success');
  const slip = packingSlipOf(call.world.db, found);
  // What draws is large and seldom needed, so it is loaded with the first slip.
  const make = async () => (await import('../packing-slip.ts')).drawPackingSlip(slip);
  return { message: 'success', file: { mediaType: 'application/pdf', make } };
}

function list(call: Call): Answer {
  const { rows, page_context } = pageOfListing(call, listedPackages(call), packageColumns);
  const packages = rows.map((row) => packageRow(call.world.db, packageOf(call.world.db, textOf(row, 'id'))));
  return { message: 'success', body: { packages, page_context } };
}

export const packageRoutes: readonly Route[] = [
  { method: 'GET', path: '/packages', handle: list },
  { method: 'GET', path: '/packages/{package_id}', handle: read },
  {
    method: 'POST',
    path: '/packages',
    handle: (call) => answer(call, createPackage(call.world, call.body), 'Package has been created.', 201),
  },
  {
    method: 'PUT',
    path: '/packages/{package_id}',
    handle: (call) => {
      updatePackage(call.world, idOf(call), call.body);
      return answer(call, idOf(call), 'Package has been updated.');
    },
  },
  {
    method: 'DELETE',
    path: '/packages/{package_id}',
    handle: (call) => {
      deletePackage(call.world, idOf(call));
      return { message: 'Package has been deleted.' };
    },
  },
  {
    method: 'POST',
    path: '/packages/{package_id}/ship',
    handle: (call) => {
      shipPackage(call.world, idOf(call), call.body);
      return answer(call, idOf(call), 'Package has been shipped.');
    },
  },
  {
    method: 'POST',
    path: '/packages/{package_id}/deliver',
    handle: (call) => {
      deliverPackage(call.world, idOf(call), call.body);
      return answer(call, idOf(call), 'Package has been delivered.');
    },
  },
];
