import * as z from 'zod';
import type { Shape } from './define.ts';

/**
 * Names that say all a model needs, so that a description would only cost tokens on every listing: ids and numbers named
 * after their record, postal and personal particulars, free texts, plain measures. A field with a unit, a format, a default
 * or an origin that its name does not tell is described instead.
 */
export const selfEvidentNames: ReadonlySet<string> = new Set(
  [
    'item_id contact_id warehouse_id salesorder_id purchaseorder_id tax_id',
    'salesorder_number purchaseorder_number reference_number',
    'inventory_adjustment_id transfer_id adjustment_number transfer_number',
    'package_id package_ids package_number shipment_number carrier service_type tracking_number package_custom_fields',
    'address billing_address shipping_address delivery_address street2 city state zip country phone mobile fax email',
    'website attention contact_name first_name last_name company_name contact_persons salesperson_name contact_type',
    'warehouse_name name description brand manufacturer notes terms subject body label value adjustment_description',
    'payment_terms_label delivery_method custom_fields line_items quantity is_taxable is_primary_contact sort_order',
    'sku upc ean isbn part_number dimensions length width height weight_unit',
    'salesorder_type purchaseorder_type priority status',
    'page per_page fields customer_id vendor_id date shipment_date delivered_date chart',
  ].flatMap((names) => names.split(' ')),
);

const largest = 1_000_000_000;
/** The API counts and prices to 1e-6; finer figures would be rounded without a word. */
const isMicro = (value: number) => /^-?\d+(\.\d{1,6})?$/.test(String(value));
const figure = (least: number) =>
  z.number().min(least).max(largest).refine(isMicro, 'must have at most 6 decimal places');

const described = <T extends z.ZodType>(schema: T, meaning?: string): T =>
  meaning ? schema.describe(meaning) : schema;

/** Digits only, so that no id climbs out of its path segment (`encodeURIComponent('..')` is `..`). */
export const id = (meaning?: string) =>
  described(z.string().regex(/^\d{1,19}$/, 'must be an id: 1 to 19 digits, as a string'), meaning);

/** An id that may be empty, as the API's own examples send it to mean "none". */
export const idOrNone = (meaning?: string) =>
  described(z.string().regex(/^\d{0,19}$/, 'must be an id: 1 to 19 digits, as a string, or empty for none'), meaning);

/** Free text of at most `most` characters; described only where its name is not self-evident. */
export const text = (most: number, meaning?: string) => described(z.string().max(most), meaning);

/** Text that must say something. */
export const someText = (most: number, meaning?: string) =>
  described(
    z
      .string()
      .max(most)
      .refine((value) => value.trim() !== '', 'must not be empty'),
    meaning,
  );

/** Units of an item, 0 or more, at most 6 decimal places. */
export const quantity = (meaning?: string) => described(figure(0), meaning);

/** Units of an item that may be negative: a change of stock. */
export const signedQuantity = (meaning?: string) => described(figure(-largest), meaning);

/** A price, cost or charge in major currency units, 0 or more. */
export const money = (meaning?: string) => described(figure(0), meaning);

/** An amount that may be negative. */
export const signedMoney = (meaning: string) => figure(-largest).describe(meaning);

/** A length or weight; its unit stands in a field beside it. */
export const measure = (meaning?: string) => described(figure(0), meaning);

/** Outer measures of a thing; one unit for all three. */
export const dimensions = () =>
  z.strictObject({
    length: measure().optional(),
    width: measure().optional(),
    height: measure().optional(),
    unit: text(20, 'e.g. cm').optional(),
  });

/** Published as `integer`. Not `.int()`, which prints bounds of 2^53 that some clients refuse. */
export const wholeNumber = (least: number, most: number, meaning?: string) =>
  described(
    z.number().refine(Number.isInteger, 'must be a whole number').min(least).max(most).meta({ type: 'integer' }),
    meaning,
  );

export const flag = (meaning?: string) => described(z.boolean(), meaning);

const isCalendarDay = (value: string) => {
  const day = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(value);
};

/** A calendar day of the organization; that all are yyyy-mm-dd is said once, in the instructions. Not `z.iso.date()`, whose published pattern has 300 characters. */
export const day = (meaning?: string) =>
  described(
    z
      .string()
      .refine((value) => /^\d{4}-\d\d-\d\d$/.test(value) && isCalendarDay(value), 'must be a date as yyyy-mm-dd'),
    meaning,
  );

/**
 * A percentage off a line, sent as it came: `5` or `"5%"`. One published type, because type arrays and unions are refused
 * by some clients.
 */
export const percentOff = () =>
  z
    .preprocess(
      (value) => (typeof value === 'number' ? String(value) : value),
      z
        .string()
        .refine(
          (value) => /^\d{1,3}(\.\d{1,6})?%?$/.test(value) && Number.parseFloat(value) <= 100,
          'must be a percentage from 0 to 100, as 5 or "5%"',
        )
        .transform((value) => (value.endsWith('%') ? value : Number(value))),
    )
    .describe('Percent: 5 or "5%"');

/** An address as the API's examples write it. Every part is optional; a part left out of an update is cleared. */
export const address = () =>
  z.strictObject({
    address: text(500).optional(),
    street2: text(200).optional(),
    city: text(100).optional(),
    state: text(100).optional(),
    zip: text(50).optional(),
    country: text(100).optional(),
    phone: text(50).optional(),
    fax: text(50).optional(),
  });

export const customFields = () => z.array(z.strictObject({ label: someText(100), value: text(2_000) })).max(50);

/** An e-mail address by its outline only; who it belongs to is the mail server's matter. */
export const email = () =>
  z
    .string()
    .max(254)
    .regex(/^$|^[^\s@]+@[^\s@]+$/, 'must be an e-mail address');

/** What the API's e-mail endpoints take. */
export const emailInput = {
  to_mail_ids: z.array(email().min(3)).min(1).max(20).describe('Recipients'),
  subject: someText(500),
  body: someText(20_000),
} satisfies Shape;

const keyName = z.string().regex(/^\w{1,60}$/, 'must be the key of a row, such as name');
const plainName = /^\w{1,60}$/;

/** Keys to keep in each row; shapes our answer and is never sent. */
export const fieldsToKeep = () => z.array(keyName).min(1).max(50).optional();

/** The same with the keys a reader of the list needs where the caller names none: whole rows cost twice the tokens. */
const mainFields = (columns: string) =>
  z.array(keyName).min(1).max(50).describe('Keys to keep, else the main ones').default(columns.split(' '));

/** `filter_by` as the API writes it. `statuses` names the words after `Status.` that matter; the API knows a few more. */
export const filterBy = (statuses: string) =>
  z
    .string()
    .regex(/^Status\.\w{1,30}$/, `must be Status. and one of ${statuses}`)
    .describe(`Status. + ${statuses}`)
    .optional();

/**
 * What every list takes. `searched` says where `search_text` looks, `main` names the keys of a row that are kept where the
 * caller names none, all of them without it.
 */
export const listInput = (searched: string, main?: string) => ({
  page: wholeNumber(1, 1_000_000).optional(),
  per_page: wholeNumber(1, 200).default(25),
  fields: main === undefined ? fieldsToKeep() : mainFields(main),
  search_text: someText(100, `In ${searched}`).optional(),
});

/** For the long lists only: every pair of these is paid for in each conversation. `sortable` names a column. */
export const sortInput = (sortable: string) => ({
  sort_column: z.string().regex(plainName, 'must be the name of a column').describe(`e.g. ${sortable}`).optional(),
  sort_order: z.enum(['A', 'D']).optional(),
});

/** Exact filters of the lists of orders. */
export const orderFilters = () => ({
  reference_number: someText(100).optional(),
  status: z
    .string()
    .toLowerCase()
    .regex(/^[a-z_]{1,30}$/, 'must be a status such as draft')
    .optional(),
  item_id: id('On any line').optional(),
  date_start: day('From').optional(),
  date_end: day('Until').optional(),
});

/** A line of an order to be created. `rate` says what a unit price means there. */
export const newLine = <Extra extends Shape>(rate: string, extra: Extra) =>
  z.strictObject({
    item_id: id(),
    quantity: quantity(),
    ...lineParticulars(rate),
    ...extra,
  });

const isKeptOrWhole = (line: object) => 'line_item_id' in line || ('item_id' in line && 'quantity' in line);

/** A line of an order to be changed: a kept line names its `line_item_id`, a new one its item and quantity. */
export const changedLine = <Extra extends Shape>(rate: string, extra: Extra) =>
  z
    .strictObject({
      line_item_id: id('Line to keep').optional(),
      item_id: id().optional(),
      quantity: quantity().optional(),
      ...lineParticulars(rate),
      ...extra,
    })
    .refine(isKeptOrWhole, 'must have line_item_id (a line to keep), or item_id and quantity (a new line)');

const lineParticulars = (rate: string) => ({
  name: text(200).optional(),
  description: text(2_000).optional(),
  rate: money(rate).optional(),
  discount: percentOff().optional(),
  tax_id: idOrNone().optional(),
  warehouse_id: id().optional(),
});

/** Fields that sales and purchase orders share. */
export const orderFields = () => ({
  reference_number: text(100).optional(),
  date: day().optional(),
  notes: text(5_000).optional(),
  terms: text(10_000).optional(),
  shipping_charge: money('Untaxed').optional(),
  adjustment: signedMoney('On the total, + or -').optional(),
  adjustment_description: text(200).optional(),
});

/** The same fields with nothing required, for an update that changes only what it names. */
export const allOptional = <S extends Shape>(shape: S) => z.object(shape).partial().shape;
