import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { canonical } from '../../src/mcp/canonical.ts';
import { auditedCompany, type Row, yes } from './audited.ts';
import { caller, modern } from './guarded.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

const testCustomer = (company: ReturnType<typeof auditedCompany>) =>
  company.idOf('list_contacts', 'contacts', 'contact_id', { contact_name: 'Test Customer' });
const item = (company: ReturnType<typeof auditedCompany>, sku: string) =>
  company.idOf('list_items', 'items', 'item_id', { sku });

describe('which calls leave a line', () => {
  test('reads, reports and tools that are not there leave none', async () => {
    const { ask, lines, directory } = auditedCompany();
    await ask('list_items', { per_page: 1 });
    await ask('list_items', { wrong: true });
    await ask('check_stock', { items: ['MUG'] });
    await ask('get_report', { report: 'low-stock' });
    await ask('no_such_tool');
    expect(lines).toEqual([]);
    expect(readdirSync(directory)).not.toContain('audit');
  });

  test('a write leaves one: who, what, how it ended, which record, how long, at what cost', async () => {
    const { ask, last, lines, clock, world, requests } = auditedCompany();
    world.between = async (_, next) => {
      clock.advance(40);
      return next();
    };
    const args = { contact_name: 'New Customer', contact_type: 'customer' };
    const before = requests();
    const { facts } = await ask('create_contact', args, caller({ caller: 'http:bob', clientName: 'Inspector' }));
    const { contact_id } = facts.contact as Row;
    expect(lines).toHaveLength(1);
    expect(last()).toEqual({
      caller: 'http:bob',
      client: 'Inspector',
      tool: 'create_contact',
      effect: 'create',
      status: 'done',
      summary: expect.stringContaining('create_contact'),
      arguments_hash: sha256(canonical(args)),
      arguments: args,
      wrote: [{ operation: 'create_contact', record: expect.objectContaining({ contact_id }) }],
      duration_ms: 40 * (requests() - before),
      api_calls: requests() - before,
    });
  });

  test('a question leaves one, its yes another, and its yes used again a third, all three with the same mark', async () => {
    const company = auditedCompany();
    const { ask, lines, requests } = company;
    const contact_id = await testCustomer(company);
    const start = requests();
    const asked = await ask('delete_contact', { contact_id });
    const readings = requests() - start;
    await ask('confirm_action', yes(asked.facts));
    await ask('confirm_action', yes(asked.facts));
    const confirmation = sha256(String(asked.facts.confirmation)).slice(0, 16);
    expect(lines).toMatchObject([
      {
        tool: 'delete_contact',
        effect: 'destroy',
        status: 'confirmation_required',
        summary: asked.facts.summary,
        api_calls: readings,
        confirmation,
      },
      {
        tool: 'confirm_action',
        effect: 'destroy',
        status: 'done',
        summary: asked.facts.summary,
        confirmation,
        runs: { tool: 'delete_contact', arguments: { contact_id } },
        wrote: [{ operation: 'delete_contact', record: { contact_id }, before: { contact_name: 'Test Customer' } }],
      },
      { tool: 'confirm_action', effect: 'none', status: 'replayed', confirmation, api_calls: 0 },
    ]);
    expect(lines[0]).not.toHaveProperty('wrote');
    expect(lines[2]).not.toHaveProperty('wrote');
  });

  test('a form leaves one when it is shown and one for what the person did with it', async () => {
    const company = auditedCompany();
    const { ask, lines } = company;
    const contact_id = await testCustomer(company);
    const shown = await ask('delete_contact', { contact_id }, modern());
    const state = String(shown.facts.form);
    await ask('delete_contact', { contact_id }, modern({ formReply: { state, answer: 'declined' } }));
    const confirmation = sha256(state).slice(0, 16);
    expect(lines).toMatchObject([
      { status: 'confirmation_required', confirmation, summary: expect.stringContaining('Test Customer') },
      { status: 'declined', confirmation, kind: 'denied' },
    ]);
  });
});

describe('what changed', () => {
  test('is told of the fields that differ, where the call read the record before', async () => {
    const company = auditedCompany();
    const item_id = await item(company, 'MUG');
    const asked = await company.ask('update_item', { item_id, rate: 900 });
    expect(asked.facts.status).toBe('confirmation_required');
    await company.ask('confirm_action', yes(asked.facts));
    const [written] = company.last().wrote as Row[];
    expect(written).toMatchObject({ record: { item_id, sku: 'MUG' } });
    expect(written?.changed).toEqual({ rate: { before: expect.any(Number), after: 900 } });
  });

  test('is not told, and costs no call, where the call read nothing before', async () => {
    const company = auditedCompany();
    const item_id = await item(company, 'MUG');
    const before = company.requests();
    await company.ask('update_item', { item_id, description: 'Holds 0.3 l.' });
    expect(company.requests() - before).toBe(1);
    const [written] = company.last().wrote as Row[];
    expect(written).not.toHaveProperty('changed');
    expect(written).not.toHaveProperty('before');
    expect(company.last()).toMatchObject({ status: 'done', api_calls: 1 });
  });

  test('is told of a telephone number without the number', async () => {
    const company = auditedCompany();
    const contact_id = await testCustomer(company);
    const first = await company.ask('update_contact', { contact_id, phone: '0305550123', email: 'new@example.com' });
    await company.ask('confirm_action', yes(first.facts));
    const asked = await company.ask('update_contact', { contact_id, phone: '0305559999', email: 'other@example.com' });
    await company.ask('confirm_action', yes(asked.facts));
    const [written] = company.last().wrote as Row[];
    expect(written?.changed).toMatchObject({ phone: { before: '***23', after: '***99' } });
    expect(JSON.stringify(company.lines)).not.toMatch(/0305550123|0305559999|new@/);
  });

  test('is told of the quantities of lines', async () => {
    const company = auditedCompany();
    const { ask } = company;
    const item_id = await item(company, 'MUG');
    const { facts } = await ask('place_sales_order', {
      customer: 'Marble Hotel',
      items: [{ item: 'MUG', quantity: 2 }],
    });
    const { salesorder_id } = (facts.salesorder ?? facts) as Row;
    const asked = await ask('update_sales_order', {
      salesorder_id,
      line_items: [{ item_id, quantity: 5 }],
    });
    if (asked.facts.status === 'confirmation_required') await ask('confirm_action', yes(asked.facts));
    const [written] = company.last().wrote as { changed?: Row }[];
    const quantities = Object.entries(written?.changed ?? {}).filter(([name]) => / quantity$/.test(name));
    expect(quantities.map(([, change]) => change)).toEqual(
      expect.arrayContaining([expect.objectContaining({ after: 5 }), expect.objectContaining({ before: 2 })]),
    );
  });

  test('of a job is told for each of its writes', async () => {
    const company = auditedCompany();
    await company.ask('place_sales_order', { customer: 'Marble Hotel', items: [{ item: 'MUG', quantity: 1 }] });
    expect(company.last()).toMatchObject({
      tool: 'place_sales_order',
      status: 'done',
      wrote: [
        { operation: 'create_sales_order', record: { salesorder_number: expect.stringMatching(/^SO-/) } },
        { operation: 'confirm_sales_order' },
      ],
    });
    expect(company.last().summary).toMatch(/SO-\d+/);
  });
});

describe('how it ended', () => {
  test('refused by the API, with its code and words', async () => {
    const { ask, last } = auditedCompany();
    await ask('create_item', { name: 'Another mug', sku: 'MUG', rate: 5 });
    expect(last()).toMatchObject({
      status: 'failed',
      kind: 'rejected',
      error: { http_status: 400, code: expect.any(Number), message: expect.stringContaining('SKU') },
      api_calls: 1,
    });
  });

  test('refused by us before anything was sent', async () => {
    const { ask, last } = auditedCompany();
    await ask('create_item', { nmae: 'x', rate: 5 });
    expect(last()).toMatchObject({
      tool: 'create_item',
      effect: 'create',
      status: 'failed',
      kind: 'invalid_arguments',
      arguments: { nmae: 'x', rate: 5 },
      api_calls: 0,
    });
    await ask('confirm_action', { confirmation: 'never issued', summary: 'Delete everything' });
    expect(last()).toMatchObject({ status: 'failed', kind: 'confirmation_invalid', effect: 'none' });
  });

  test('unknown, when the answer of a write never came and nobody can tell', async () => {
    const company = auditedCompany();
    const salesorder_id = await company.idOf('list_sales_orders', 'salesorders', 'salesorder_id', {
      status: 'confirmed',
    });
    const to_mail_ids = ['jane.doe@example.com'];
    const asked = await company.ask('email_sales_order', {
      salesorder_id,
      to_mail_ids,
      subject: 'Yours',
      body: 'Hello',
    });
    expect(asked.facts.status).toBe('confirmation_required');
    company.world.between = async (request, next) => {
      const answer = await next();
      if (request.method !== 'GET') throw new Error('the connection broke');
      return answer;
    };
    await company.ask('confirm_action', yes(asked.facts));
    expect(company.last()).toMatchObject({ status: 'unknown', kind: 'outcome_unknown', effect: 'outward' });
    expect(company.last()).not.toHaveProperty('wrote');
    expect(JSON.stringify(company.lines)).not.toContain('jane.doe');
  });

  test('replayed, when the same call was under way and its one outcome is told twice', async () => {
    const { ask, lines } = auditedCompany();
    const args = { contact_name: 'Only once', contact_type: 'customer' };
    const answers = await Promise.all([ask('create_contact', args), ask('create_contact', args)]);
    expect(answers.map(({ isError }) => isError)).toEqual([false, false]);
    expect(lines.map(({ status }) => status).sort()).toEqual(['done', 'replayed']);
    const [replayed] = lines.filter(({ status }) => status === 'replayed');
    expect(replayed).not.toHaveProperty('wrote');
    expect(replayed?.note).toContain('under way already');
    expect(new Set(lines.map(({ arguments_hash }) => arguments_hash)).size).toBe(1);
  });

  test('unfinished or partly done, with the mark of the job, and done by the call that goes on with it', async () => {
    const company = auditedCompany();
    let refuse = true;
    company.world.between = async (request, next) =>
      refuse && request.url.includes('/status/confirmed')
        ? Response.json({ code: 1002, message: 'Not today.' }, { status: 400 })
        : next();
    const args = { customer: 'Marble Hotel', items: [{ item: 'MUG', quantity: 1 }] };
    const { facts } = await company.ask('place_sales_order', args);
    refuse = false;
    const { workflow_id } = facts.error as Row;
    await company.ask('resume_workflow', { workflow_id });
    const workflow = sha256(String(workflow_id)).slice(0, 16);
    expect(company.lines).toMatchObject([
      { tool: 'place_sales_order', status: 'partly_done', workflow },
      {
        tool: 'resume_workflow',
        effect: 'update',
        status: 'done',
        workflow,
        runs: { tool: 'place_sales_order', arguments: args },
        wrote: [{ operation: 'confirm_sales_order' }],
      },
    ]);
    await company.ask('resume_workflow');
    expect(company.lines).toHaveLength(2);
  });

  test('partly done, with what was written', async () => {
    const company = auditedCompany();
    company.world.between = async (request, next) =>
      request.url.includes('/status/confirmed')
        ? Response.json({ code: 1002, message: 'Not today.' }, { status: 400 })
        : next();
    const args = { customer: 'Marble Hotel', items: [{ item: 'MUG', quantity: 1 }] };
    const { facts } = await company.ask('place_sales_order', args);
    expect(facts).toMatchObject({ error: { kind: 'partly_done' } });
    expect(company.last()).toMatchObject({
      status: 'partly_done',
      kind: 'partly_done',
      wrote: [{ operation: 'create_sales_order', record: { salesorder_number: expect.stringMatching(/^SO-/) } }],
    });
    expect(company.last().wrote).toHaveLength(1);
  });
});

describe('what the audit never does', () => {
  test('change an answer, whatever happens to its line', async () => {
    const { ask, world, warnings, lines } = auditedCompany();
    world.append = () => {
      throw new Error('the trail is gone');
    };
    const { facts, isError } = await ask('create_contact', { contact_name: 'Still there', contact_type: 'customer' });
    expect(isError).toBe(false);
    expect(facts).toMatchObject({ contact: { contact_name: 'Still there' } });
    expect(lines).toEqual([]);
    expect(warnings).toEqual([expect.stringContaining('audit of a create_contact call failed')]);
  });

  test('show a secret, an open confirmation, an address, a number or a file, wherever they were put', async () => {
    const company = auditedCompany();
    const { ask, directory } = company;
    const contact_id = await testCustomer(company);
    const asked = await ask('delete_contact', { contact_id });
    const confirmation = String(asked.facts.confirmation);
    const planted = [
      'planted-access-token',
      'planted refresh token',
      'jane.doe@example.com',
      '+49 30 1234567',
      '1000.0123456789abcdef.fedcba9876543210',
      confirmation,
    ];
    for (const text of planted) {
      const notes = `Remember ${text}, please`;
      await ask('create_contact', { contact_name: `Customer ${text}`, contact_type: 'customer', notes });
      await ask('create_item', { name: 'x', rate: 1, nmae: notes });
      await ask('confirm_action', { confirmation: text, summary: notes });
    }
    await ask('create_contact', {
      contact_name: 'A',
      contact_type: 'customer',
      phone: '0301234567',
      access_token: 'abc',
    });
    await ask('confirm_action', yes(asked.facts));
    const picture = Buffer.from('GIF89a'.repeat(200)).toString('base64');
    await ask('upload_item_image', { item_id: await item(company, 'MUG'), image: picture });
    const folder = join(directory, 'audit');
    const written = readdirSync(folder)
      .map((name) => readFileSync(join(folder, name), 'latin1'))
      .join('\n');
    expect(written).toContain('Remember');
    expect(written).toContain('[file: 1200 bytes');
    for (const text of [...planted, '0301234567', picture.slice(0, 60)]) expect(written).not.toContain(text);
  });
});
