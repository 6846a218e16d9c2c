import { PDFDocument } from 'pdfkit';
import { code128Bars, quietModules, scannable } from './barcode.ts';
import type { PackingSlip } from './engine/records/packing-slip.ts';

// Points of 1/72 inch. A module of 1.1 pt (0.39 mm) is read by any hand scanner.
const margin = 50;
const moduleWidth = 1.1;
const barHeight = 42;
const grey = '#888888';

// The fonts that every reader has know Windows-1252 only; other characters would print as something else.
const beyond =
  /[^\x20-\x7e\u00a0-\u00ff\u20ac\u201a\u0192\u201e\u2026\u2020-\u2022\u2030\u0160\u2039\u0152\u017d\u2018-\u201d\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u017e\u0178]/gu;
const printable = (text: string): string => text.replace(/\s+/g, ' ').replace(beyond, '?');

interface Column {
  readonly title: string;
  readonly x: number;
  readonly width: number;
  readonly align: 'left' | 'right';
}

const columns: readonly [Column, Column, Column, Column, Column] = [
  { title: 'Item', x: margin, width: 205, align: 'left' },
  { title: 'SKU', x: 262, width: 95, align: 'left' },
  { title: 'Warehouse', x: 364, width: 95, align: 'left' },
  { title: 'Quantity', x: 464, width: 50, align: 'right' },
  { title: 'Unit', x: 520, width: 42, align: 'left' },
];

function drawBarcode(doc: PDFDocument, { number, packageId }: PackingSlip): void {
  const content = scannable(number, packageId);
  const { bars, modules } = code128Bars(content);
  const width = modules * moduleWidth;
  const left = doc.page.width - margin - quietModules * moduleWidth - width;
  for (const bar of bars) doc.rect(left + bar.left * moduleWidth, margin, bar.width * moduleWidth, barHeight);
  doc.fill('black');
  doc.font('Helvetica').fontSize(9);
  doc.text(content, left, margin + barHeight + 4, { width, align: 'center', lineBreak: false });
}

/** Writes texts one below the other; returns where the next would stand. */
function drawBlock(doc: PDFDocument, title: string, texts: readonly string[], x: number, y: number): number {
  const width = 240;
  doc.font('Helvetica-Bold').fontSize(9).fill(grey).text(title, x, y, { width });
  doc.font('Helvetica').fontSize(10).fill('black');
  let next = y + 14;
  for (const text of texts.map(printable)) {
    doc.text(text, x, next, { width });
    next += doc.heightOfString(text, { width }) + 1;
  }
  return next;
}

function drawHeader(doc: PDFDocument, y: number): number {
  doc.font('Helvetica-Bold').fontSize(9).fill('black');
  for (const { title, x, width, align } of columns) doc.text(title, x, y, { width, align, lineBreak: false });
  doc
    .moveTo(margin, y + 14)
    .lineTo(doc.page.width - margin, y + 14)
    .stroke(grey);
  doc.font('Helvetica').fontSize(10).fill('black');
  return y + 20;
}

function drawLines(doc: PDFDocument, slip: PackingSlip, start: number): number {
  let y = drawHeader(doc, start);
  for (const line of slip.lines) {
    const cells = [line.name, line.sku, line.warehouse, line.quantity, line.unit].map(printable);
    const heights = columns.map(({ width }, index) => doc.heightOfString(cells[index] ?? '', { width }));
    const height = Math.max(...heights) + 6;
    if (y + height > doc.page.height - margin) {
      doc.addPage();
      y = drawHeader(doc, margin);
    }
    for (const [index, { x, width, align }] of columns.entries()) doc.text(cells[index] ?? '', x, y, { width, align });
    y += height;
  }
  return y;
}

function draw(doc: PDFDocument, slip: PackingSlip): void {
  doc.font('Helvetica-Bold').fontSize(18).fill('black').text('Packing slip', margin, margin);
  doc
    .font('Helvetica')
    .fontSize(11)
    .text(printable(slip.company), margin, margin + 26, { width: 240 });
  drawBarcode(doc, slip);
  const right = 320;
  const from = drawBlock(doc, 'From', slip.from, margin, 130);
  const to = drawBlock(doc, 'To', slip.to, right, 130);
  const about = slip.particulars.map(([label, value]) => `${label}: ${value}`);
  const half = Math.ceil(about.length / 2);
  const top = Math.max(from, to) + 14;
  const left = drawBlock(doc, 'Package', about.slice(0, half), margin, top);
  const other = drawBlock(doc, 'Shipment', about.slice(half), right, top);
  const y = drawLines(doc, slip, Math.max(left, other) + 18);
  if (slip.notes === '') return;
  const notes = `Notes: ${printable(slip.notes)}`;
  const width = doc.page.width - 2 * margin;
  const fitsHere = y + 12 + doc.heightOfString(notes, { width }) <= doc.page.height - margin;
  if (!fitsHere) doc.addPage();
  doc.text(notes, margin, fitsHere ? y + 12 : margin, { width });
}

/** The packing slip as a PDF: the same bytes for the same record. */
export function drawPackingSlip(slip: PackingSlip): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const doc = new PDFDocument({
      size: 'LETTER',
      margin,
      info: { Title: `Packing slip ${slip.number}`, Creator: slip.company, CreationDate: slip.changedAt },
    });
    const chunks: Uint8Array[] = [];
    doc.on('data', (chunk) => void chunks.push(chunk));
    doc.on('end', () => resolve(new Uint8Array(Buffer.concat(chunks))));
    doc.on('error', reject);
    draw(doc, slip);
    doc.end();
  });
}
