import { rowIn, textIn } from '../workflows/rows.ts';
import { type Chart, cutNote, type Figures, numberOf, numberWords } from './chart.ts';

/**
 * Rows `{ date, balance }`, oldest first; of a day the last counts. The header tells `item: { name, sku, unit }`, `today`, and
 * where known `to_date`, `opening_balance`, `from_date`, `warehouse`, `reorder_level`, and in words `waiting`.
 */
export function stockOverTime(figures: Figures): Chart | undefined {
  const { header, rows } = figures;
  const about = rowIn(header, 'item');
  const unit = textIn(about, 'unit') || 'units';
  const [today, to] = [textIn(header, 'today'), textIn(header, 'to_date')];
  const end = to !== '' && (today === '' || to < today) ? to : today;
  const from = textIn(header, 'from_date');
  const byDay = new Map<string, number>();
  const [first] = rows;
  const start = from || textIn(first ?? {}, 'date');
  if (header.opening_balance !== undefined && start !== '') byDay.set(start, numberOf(header.opening_balance));
  for (const row of rows) if (textIn(row, 'date') !== '') byDay.set(textIn(row, 'date'), numberOf(row.balance));
  if (byDay.size === 0) return undefined;
  const points = [...byDay].map(([date, value]) => ({ date, value }));
  const last = points.at(-1);
  // A step holds until the next: what stands since the last movement stands today.
  if (last && header.truncated !== true && end > last.date) points.push({ date: end, value: last.value });
  const level = numberOf(header.reorder_level);
  const sku = textIn(about, 'sku');
  const name = textIn(about, 'name') || sku || 'one item';
  const place = textIn(header, 'warehouse');
  const waiting = textIn(header, 'waiting');
  return {
    kind: 'steps',
    title: `Stock of ${name}`,
    ...(sku === '' ? {} : { titleBySku: `Stock of ${sku}` }),
    subtitle: [
      `${points[0]?.date} to ${points.at(-1)?.date}`,
      `on hand at the end of the day, in ${unit}`,
      place === '' ? 'all warehouses' : place,
    ].join(' · '),
    unit,
    digits: 0,
    points,
    ...(level > 0 ? { level: { name: `reorder level ${numberWords(level, 0)}`, value: level } } : {}),
    notes: [...(waiting === '' ? [] : [waiting]), ...cutNote(figures, 'movements')],
  };
}
