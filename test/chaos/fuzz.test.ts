import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { connectors, type ListedTool, type TestClient } from '../helpers/clients.ts';
import { temporaryDirectory } from '../helpers/world.ts';
import { type Call, ended, endOf, type Facts, wrongWith } from './answers.ts';
import { argumentsFor, type ListedSchema } from './any-arguments.ts';
import { createKnownValues, type KnownValues } from './known-values.ts';

// Random calls of every tool, right ones, slips and wild ones, over the wire and against the embedded inventory. `FUZZ_SEED`
// in the environment repeats a run: to the letter where calls come one at a time. `FUZZ_CALLS` makes more of them.

const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 1_000_000);
const calls = Number(process.env.FUZZ_CALLS ?? 2_000);
interface Listed {
  readonly name: string;
  readonly schema: ListedSchema;
}

const listed = ({ name, inputSchema }: ListedTool): Listed => ({ name, schema: inputSchema as ListedSchema }); // parse boundary: a test reads what it knows of a schema

/** What a caller learns who first looks around: every list, and some of the records in them. */
async function lookAround(client: TestClient, tools: readonly Listed[], known: KnownValues): Promise<void> {
  const reads = tools.filter(({ name }) => /^(list|get)_/.test(name));
  for (const { name, schema } of reads) {
    if (schema.required) continue;
    known.learn((await client.call(name, schema.properties?.per_page ? { per_page: 50 } : {})).facts);
  }
  for (const { name, schema } of reads) {
    const [key = '', ...more] = schema.required ?? [];
    if (!key.endsWith('_id') || more.length > 0) continue;
    for (const id of known.like(key).slice(0, 4)) known.learn((await client.call(name, { [key]: id })).facts);
  }
}

/** Any tool, a yes to a question of before, or a tool that is not there. */
function anyCall(tools: readonly Listed[], known: KnownValues, asked: readonly Facts[]): fc.Arbitrary<Call> {
  const ofTools = fc
    .constantFrom(...tools)
    .chain(({ name, schema }) => argumentsFor(schema, known).map((args) => ({ name, args })));
  // Most of them of late: older ones are used up.
  const yes = fc.oneof(fc.nat(), fc.nat(3)).map((n) => {
    const { confirmation, summary } = asked[asked.length - 1 - (n % asked.length)] ?? {};
    return { name: 'confirm_action', args: { confirmation, summary } };
  });
  const absent = fc.constantFrom('', 'delete_everything', '__proto__', 'constructor', 'x'.repeat(9_000));
  return fc.oneof(
    { weight: 40, arbitrary: ofTools },
    { weight: asked.length > 0 ? 10 : 0, arbitrary: yes },
    { weight: 1, arbitrary: absent.map((name) => ({ name, args: {} })) },
  );
}

interface Heard {
  /** Each with the call and its answer. */
  readonly faults: readonly string[];
  readonly ends: ReadonlyMap<string, number>;
  readonly slowestMs: number;
}

const shown = (value: unknown) => JSON.stringify(value).slice(0, 500);

async function callAtRandom(
  client: TestClient,
  { count, atOnce, first }: Record<'count' | 'atOnce' | 'first', number>,
) {
  const tools = (await client.tools()).map(listed);
  const known = createKnownValues();
  await lookAround(client, tools, known);
  const asked: Facts[] = [];
  const faults: string[] = [];
  const ends = new Map<string, number>();
  let slowestMs = 0;
  let begun = 0;
  const callOn = async () => {
    while (begun < count) {
      begun += 1;
      const [call] = fc.sample(anyCall(tools, known, asked), { seed: first + begun, numRuns: 1 });
      if (!call) continue;
      const startedAt = performance.now();
      const answer = await ended(client, call);
      const tookMs = performance.now() - startedAt;
      slowestMs = Math.max(slowestMs, tookMs);
      for (const words of wrongWith(answer, tookMs))
        faults.push(`${words}: ${call.name} ${shown(call.args)} -> ${shown(answer)}`);
      ends.set(endOf(answer), (ends.get(endOf(answer)) ?? 0) + 1);
      if ('code' in answer) continue;
      known.learn(answer.facts);
      if (answer.facts.status === 'confirmation_required') asked.push(answer.facts);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, callOn));
  return { faults, ends, slowestMs } satisfies Heard;
}

/** Says yes, no, or nothing, in turn. */
function person() {
  let forms = 0;
  const replies = [
    { action: 'accept' as const, content: { confirm: true } },
    { action: 'decline' as const },
    { action: 'cancel' as const },
  ];
  return {
    onForm: () => {
      forms += 1;
      return replies[forms % 5] ?? { action: 'accept' as const, content: { confirm: true } };
    },
  };
}

describe.each([
  { era: 'v1', atOnce: 1, place: 0, asks: 'by a token' },
  { era: 'v1', atOnce: 8, place: 1, asks: 'by a token' },
  { era: 'v2', atOnce: 1, place: 2, asks: 'by a token' },
  { era: 'v2', atOnce: 8, place: 3, asks: 'by a form' },
] as const)(`random calls (seed ${seed}) of a $era client that is asked $asks, $atOnce at once`, (given) => {
  test('are all answered in time and in form, and the server goes on', { timeout: 30_000 + calls * 60 }, async () => {
    const { era, atOnce, place, asks } = given;
    let stderr = '';
    const env = { INVENTORY_LOG_LEVEL: 'warn', INVENTORY_DATA_DIR: temporaryDirectory() };
    const stderrSeen = (told: string) => {
      stderr += told;
    };
    const client = await connectors[era]({ env, stderr: stderrSeen }, asks === 'by a form' ? person() : {});
    onTestFinished(() => client.close());
    const first = seed * 1_000_000 + place * 100_000;
    const { faults, ends, slowestMs } = await callAtRandom(client, { count: calls / 4, atOnce, first });
    const tally = [...ends].map(([end, count]) => `${count} ${end}`).join(', ');
    process.stdout.write(`seed ${seed}, ${era}, ${atOnce} at once: ${tally}; slowest ${Math.round(slowestMs)} ms\n`);

    expect(faults).toEqual([]);
    const after = await client.call('list_items', { per_page: 3 });
    expect(after).toMatchObject({ isError: false, facts: { items: expect.any(Array) } });
    expect(client.wireFaults).toEqual([]);
    expect(stderr).not.toMatch(/\bat [^"]{1,200}:\d+:\d+|Warning:/);
  });
});
