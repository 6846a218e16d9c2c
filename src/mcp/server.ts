import {
  acceptedContent,
  type CallToolResult,
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  type InputRequiredResult,
  inputRequired,
  type McpRequestContext,
  McpServer,
  type McpServerFactory,
  type ServerContext,
  type StandardSchemaWithJSON,
} from '@modelcontextprotocol/server';
import { plainText } from '../text.ts';
import type { Calls, FormNeeded } from './call.ts';
import type { CallContext, FormAnswer } from './caller.ts';
import type { ToolCard } from './describe.ts';
import type { Guide } from './guides/define.ts';
import { createProgress, type Progress } from './progress.ts';
import { registerPrompts } from './prompts.ts';
import { type ReportCard, registerResources } from './register-resources.ts';
import type { Resources } from './resources.ts';
import { toErrorResult } from './result.ts';
import { createSkills } from './skills.ts';

export interface ServerParts {
  readonly name: string;
  readonly version: string;
  readonly title: string;
  readonly instructions: string;
  /** What clients see, prepared at build time, in a fixed order. */
  readonly cards: readonly ToolCard[];
  /** Built at the first call: zod, the catalog and the client load only then. */
  readonly calls: () => Promise<Calls>;
  /** Served as prompts and as skills, as far as the tools they send to are listed. */
  readonly guides: readonly Guide[];
  /** What is listed as report resources, prepared at build time. */
  readonly reports: readonly ReportCard[];
  /** Built at the first read, over the same connection as the calls. */
  readonly resources: () => Promise<Resources>;
  /** Who calls, when the transport verified nobody: the local user. */
  readonly caller: string;
  /** Whether the transport can push an elicitation to a 2025-era client (stdio can, stateless HTTP cannot). */
  readonly canPush: boolean;
  /** Told when a call begins and ends, so that a stopping process can wait for it. */
  readonly track: <T>(work: Promise<T>) => Promise<T>;
}

/** In `_meta` of a tools/call: a program that repeats a call with the same key gets the outcome of the first. */
const idempotencyKeyName = 'zoho-inventory-mcp/idempotency-key';

const formKey = 'confirm';
const formSchema = {
  type: 'object' as const,
  properties: {
    confirm: {
      type: 'boolean' as const,
      title: 'Carry this out',
      description: 'Tick to carry out exactly what is written above. Leave it and nothing is written.',
    },
  },
  required: ['confirm'],
};

/** The kept JSON Schema goes out as it is; input passes through, because parsing it ourselves gives errors a kind. */
function passThrough(schema: Record<string, unknown>): StandardSchemaWithJSON<unknown, unknown> {
  return {
    '~standard': {
      version: 1,
      vendor: 'zoho-inventory-mcp',
      validate: (value: unknown) => ({ value }),
      jsonSchema: { input: () => schema, output: () => schema },
    },
  };
}

/** A factory for both eras: one server per connection over stdio, one per request over HTTP. */
export function createServerFactory(parts: ServerParts): McpServerFactory {
  const schemas = parts.cards.map((card) => ({
    card,
    input: passThrough(card.inputSchema),
    output: passThrough(card.outputSchema),
  }));
  const listed = new Set(parts.cards.map(({ name }) => name));
  const guides = parts.guides.filter(({ tools }) => tools.every((tool) => listed.has(tool)));
  const skills = createSkills(guides);
  return (request) => {
    const server = new McpServer(
      { name: parts.name, version: parts.version, title: parts.title },
      { instructions: parts.instructions, capabilities: { tools: { listChanged: false } } },
    );
    for (const { card, input, output } of schemas) {
      server.registerTool(
        card.name,
        {
          title: card.title,
          description: card.description,
          inputSchema: input,
          outputSchema: output,
          annotations: card.annotations,
        },
        (args: unknown, context: ServerContext) =>
          parts.track(answer(parts, request, server, card.name, args, context)),
      );
    }
    registerResources(server, parts.reports, parts.resources);
    registerPrompts(server, guides, parts.resources);
    if (guides.length > 0) skills.attach(server);
    return server;
  };
}

async function answer(
  parts: ServerParts,
  request: McpRequestContext,
  server: McpServer,
  tool: string,
  args: unknown,
  context: ServerContext,
): Promise<CallToolResult | InputRequiredResult> {
  let call: Calls;
  try {
    call = await parts.calls();
  } catch (error) {
    return toErrorResult(error); // the SDK would hand out the exception's own text
  }
  const progress = progressOf(context);
  const result = await call(tool, args, callContext(parts, request, server, { context, progress })).finally(
    progress.stop,
  );
  if (!isForm(result)) return result;
  return inputRequired({
    requestState: result.state,
    inputRequests: { [formKey]: inputRequired.elicit({ message: result.message, requestedSchema: formSchema }) },
  });
}

const silent: Progress = { tell: () => undefined, stop: () => undefined };

/** Only where the client asked for it, by its token. */
function progressOf({ mcpReq }: ServerContext): Progress {
  const token = mcpReq._meta?.progressToken;
  if (token === undefined) return silent;
  let progress = 0;
  return createProgress((message) => {
    progress += 1;
    const params = { progressToken: token, progress, message };
    void mcpReq.notify({ method: 'notifications/progress', params }).catch(() => undefined);
  });
}

function callContext(
  parts: ServerParts,
  request: McpRequestContext,
  server: McpServer,
  { context, progress }: { context: ServerContext; progress: Progress },
): CallContext {
  const { mcpReq } = context;
  const modern = request.era === 'modern';
  const declared = modern ? declaredIn(mcpReq.envelope) : {};
  const capabilities = modern ? declared.capabilities : server.server.getClientCapabilities();
  const client = modern ? declared.client : server.server.getClientVersion();
  const elicitation = capabilities?.elicitation;
  // `elicitation: {}` means forms; `{ url: {} }` alone means links only.
  const declaresForms = elicitation !== undefined && (elicitation.form !== undefined || elicitation.url === undefined);
  const state = mcpReq.requestState<unknown>();
  const key = mcpReq._meta?.[idempotencyKeyName];
  const principal = context.http?.authInfo?.clientId;
  return {
    caller: principal === undefined ? parts.caller : `http:${principal}`,
    era: request.era,
    clientName: plainText(client?.name, 60) || 'unknown',
    declaresForms,
    signal: mcpReq.signal,
    ...(typeof key === 'string' && key !== '' ? { idempotencyKey: key.slice(0, 200) } : {}),
    progress: progress.tell,
    ...(modern && typeof state === 'string' ? { formReply: { state, answer: formAnswer(mcpReq.inputResponses) } } : {}),
    ...(!modern && parts.canPush
      ? { askByForm: (message: string, timeLimitMs: number) => pushForm(context, message, timeLimitMs) }
      : {}),
  };
}

const isForm = (result: CallToolResult | FormNeeded): result is FormNeeded => result.kind === 'form';

interface Declared {
  readonly capabilities?: { readonly elicitation?: { readonly form?: unknown; readonly url?: unknown } };
  readonly client?: { readonly name?: string };
}

/** A 2026-07-28 client declares itself with every request. */
function declaredIn(envelope: object | undefined): Declared {
  const meta = (envelope ?? {}) as Record<string, unknown>; // parse boundary: the SDK checked the envelope, its type is empty
  return { capabilities: meta[CLIENT_CAPABILITIES_META_KEY], client: meta[CLIENT_INFO_META_KEY] } as Declared; // parse boundary: as above
}

/** What a second leg brought. Untrusted: only an accepted form with a ticked box is a yes. */
function formAnswer(responses: Record<string, unknown> | undefined): FormAnswer {
  const content = acceptedContent(responses, formKey);
  if (content) return content.confirm === true ? 'accepted' : 'declined';
  const response = responses?.[formKey];
  if (typeof response !== 'object' || response === null || !('action' in response)) return 'silent';
  return response.action === 'decline' ? 'declined' : 'cancelled';
}

async function pushForm(context: ServerContext, message: string, timeLimitMs: number): Promise<FormAnswer> {
  try {
    const reply = await context.mcpReq.elicitInput(
      { mode: 'form', message, requestedSchema: formSchema },
      { timeout: timeLimitMs, maxTotalTimeout: timeLimitMs, signal: context.mcpReq.signal },
    );
    if (reply.action === 'accept') return reply.content?.confirm === true ? 'accepted' : 'declined';
    return reply.action === 'decline' ? 'declined' : 'cancelled';
  } catch {
    return 'silent'; // the client showed nothing in time, or dropped the question
  }
}
