import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { allCards } from '../src/mcp/cards.ts';
import type { ToolCard } from '../src/mcp/describe.ts';

// What clients see, one file a tool, so that a change of the surface is read in review. UPDATE_SURFACE=1 writes them anew.
const folder = new URL('./surface/', import.meta.url);
const updating = process.env.UPDATE_SURFACE === '1';
const cards = allCards();

const printed = ({ name, title, description, inputSchema, annotations }: ToolCard) =>
  `${JSON.stringify({ name, title, description, inputSchema, annotations }, null, 2)}\n`;

const fileOf = (name: string) => new URL(`${name}.json`, folder);

if (updating) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const card of cards) writeFileSync(fileOf(card.name), printed(card));
}

describe('the surface clients see', () => {
  it.each(cards.map((card) => [card.name, card] as const))('of %s is as committed', (name, card) => {
    expect(printed(card)).toBe(readFileSync(fileOf(name), 'utf8'));
  });

  it('holds no file of a tool that is gone', () => {
    const files = readdirSync(folder).sort();
    expect(files).toEqual(cards.map(({ name }) => `${name}.json`).sort());
  });
});
