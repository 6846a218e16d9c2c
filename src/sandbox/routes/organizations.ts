import { findCurrency, organization } from '../engine/directory.ts';
import type { Route } from '../route.ts';
import { zoneOf } from '../zones.ts';

export const organizationRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/organizations',
    handle: ({ world }) => {
      const company = organization(world.db);
      const { zone, known } = zoneOf(company.time_zone);
      return {
        message: 'success',
        body: {
          organizations: [
            {
              organization_id: company.organization_id,
              name: company.name,
              contact_name: company.contact_name,
              email: company.email,
              is_default_org: true,
              language_code: 'en',
              currency_id: company.currency_id,
              currency_code: company.currency_code,
              currency_symbol: findCurrency(world.db, company.currency_id)?.symbol ?? '',
              price_precision: company.price_precision,
              time_zone: company.time_zone,
              // Where days begin and end; said aloud because an unknown name silently moves every date.
              ...(zone === company.time_zone ? {} : { time_zone_used: zone, time_zone_known: known }),
              date_format: 'dd MMM yyyy',
              field_separator: 'comma',
              fiscal_year_start_month: 1,
            },
          ],
        },
      };
    },
  },
];
