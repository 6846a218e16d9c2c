import { Client as ModernClient, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { SkillsClient } from '@modelcontextprotocol/client/ext/skills';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Client as LegacyClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as LegacyStdio } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as LegacyHttp } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';

/** What a person does with a form. */
export type FormReply =
  | { action: 'accept'; content: { confirm: boolean } }
  | { action: 'decline' }
  | { action: 'cancel' };

export interface ToolResult {
  readonly text: string;
  readonly facts: Record<string, unknown>;
  readonly isError: boolean;
  /** Embedded resources with bytes. */
  readonly files: readonly { readonly uri: string; readonly mimeType: string; readonly bytes: Buffer }[];
  /** Pictures for the model to look at. */
  readonly pictures: readonly { readonly mimeType: string; readonly bytes: Buffer }[];
  readonly links: readonly { readonly uri: string; readonly mimeType: string }[];
}

interface Block {
  readonly type?: string;
  readonly data?: string;
  readonly uri?: string;
  readonly mimeType?: string;
  readonly text?: string;
  readonly resource?: { readonly uri?: string; readonly mimeType?: string; readonly blob?: string };
}

/** A tool as the client lists it. */
export interface ListedTool {
  readonly name: string;
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly inputSchema: object;
  readonly outputSchema?: object | undefined;
  readonly annotations?: object | undefined;
}

export interface ListedPrompt {
  readonly name: string;
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly arguments?:
    | readonly {
        readonly name: string;
        readonly description?: string | undefined;
        readonly required?: boolean | undefined;
      }[]
    | undefined;
}

export interface CallMore {
  readonly meta?: Record<string, unknown>;
  /** Hears what the server says while it works. */
  readonly onProgress?: (message: string) => void;
}

/** One interface over a 2025-11-25 client (SDK v1) and a 2026-07-28 client (SDK v2). */
export interface TestClient {
  readonly era: 'v1' | 'v2';
  readonly tools: () => Promise<ListedTool[]>;
  readonly call: (name: string, args?: Record<string, unknown>, more?: CallMore) => Promise<ToolResult>;
  /** Messages of the forms shown so far. */
  readonly forms: string[];
  /** What the client found wrong with what came over the wire: no JSON, no message, an answer nobody asked for. */
  readonly wireFaults: string[];
  readonly resources: () => Promise<{ uri: string; name: string }[]>;
  readonly templates: () => Promise<string[]>;
  /** The text of the first content; throws what the server refuses. */
  readonly read: (uri: string) => Promise<{ text: string; mimeType: string }>;
  readonly complete: (template: string, variable: string, typed: string) => Promise<string[]>;
  readonly prompts: () => Promise<ListedPrompt[]>;
  /** The texts of its messages; throws what the server refuses. */
  readonly prompt: (name: string, args?: Record<string, string>) => Promise<string>;
  readonly completePrompt: (name: string, argument: string, typed: string) => Promise<string[]>;
  /** Undefined where the client knows no skills. */
  readonly skills?: () => Promise<{ name: string; description: string; text: string }[]>;
  readonly instructions: () => string | undefined;
  readonly pid: number | null;
  readonly close: () => Promise<void>;
}

export type Target =
  | { readonly env?: Record<string, string>; readonly args?: string[]; readonly stderr?: (text: string) => void }
  | { readonly url: string };

export interface ClientOptions {
  readonly name?: string;
  /** Declares form elicitation and answers with this. Without it the client declares nothing. */
  readonly onForm?: (message: string) => FormReply | Promise<FormReply>;
}

const command = 'dist/main.js';

/** Only what a server needs to run: nothing of the surroundings leaks into a test. */
const plainEnv = (env: Record<string, string> = {}) => ({
  PATH: process.env.PATH ?? '',
  HOME: process.env.HOME ?? '',
  ...env,
});

function toToolResult(result: Record<string, unknown>): ToolResult {
  const content: Block[] = Array.isArray(result.content) ? result.content : [];
  return {
    text: content.flatMap(({ text }) => (text === undefined ? [] : [text])).join('\n'),
    facts: (result.structuredContent ?? {}) as Record<string, unknown>, // parse boundary: what the wire brought
    isError: result.isError === true,
    pictures: content.flatMap(({ type, data = '', mimeType = '' }) =>
      type === 'image' ? [{ mimeType, bytes: Buffer.from(data, 'base64') }] : [],
    ),
    links: content.flatMap(({ type, uri = '', mimeType = '' }) =>
      type === 'resource_link' ? [{ uri, mimeType }] : [],
    ),
    files: content.flatMap(({ resource: { uri = '', mimeType = '', blob } = {} }) =>
      blob === undefined ? [] : [{ uri, mimeType, bytes: Buffer.from(blob, 'base64') }],
    ),
  };
}

function firstText({ contents }: { contents: unknown[] }): { text: string; mimeType: string } {
  const { text = '', mimeType = '' } = (contents[0] ?? {}) as { text?: string; mimeType?: string }; // parse boundary: what the wire brought
  return { text, mimeType };
}

const promptText = ({ messages }: { messages: readonly { readonly content: unknown }[] }): string =>
  messages.map(({ content }) => String((content as { text?: unknown }).text)).join('\n'); // parse boundary: what the wire brought

/** As a host reads them: each checked against the digest that its entry tells. */
async function skillsOf(client: ModernClient) {
  const skills = new SkillsClient(client);
  const { skills: entries } = await skills.list();
  return Promise.all(
    entries.map(async (entry) => {
      const { text = '', frontmatter } = await skills.read(entry);
      return { name: String(frontmatter?.name), description: String(frontmatter?.description), text };
    }),
  );
}

const metaOf = ({ meta }: CallMore) => (meta ? { _meta: meta } : {});

const heardBy = ({ onProgress }: CallMore) =>
  onProgress ? { onprogress: ({ message = '' }: { message?: string | undefined }) => onProgress(message) } : {};

function faultsSeenBy(client: ModernClient | LegacyClient): string[] {
  const faults: string[] = [];
  client.onerror = (error) => void faults.push(error.message);
  return faults;
}

export async function connectV2(target: Target, options: ClientOptions = {}): Promise<TestClient> {
  const forms: string[] = [];
  const client = new ModernClient(
    { name: options.name ?? 'test-client', version: '1.0.0' },
    {
      versionNegotiation: { mode: { pin: '2026-07-28' } },
      capabilities: options.onForm ? { elicitation: { form: {} } } : {},
    },
  );
  if (options.onForm) {
    const { onForm } = options;
    client.setRequestHandler('elicitation/create', async (request) => {
      forms.push(request.params.message);
      return onForm(request.params.message);
    });
  }
  const transport =
    'url' in target
      ? new StreamableHTTPClientTransport(new URL(target.url))
      : new StdioClientTransport({
          command: process.execPath,
          args: [command, ...(target.args ?? [])],
          env: plainEnv(target.env),
          stderr: 'pipe',
        });
  if (transport instanceof StdioClientTransport && !('url' in target))
    transport.stderr?.on('data', (data: Buffer) => target.stderr?.(data.toString()));
  const wireFaults = faultsSeenBy(client);
  await client.connect(transport);
  return {
    era: 'v2',
    forms,
    wireFaults,
    tools: async () => (await client.listTools()).tools,
    call: async (name, args = {}, more = {}) =>
      toToolResult(await client.callTool({ name, arguments: args, ...metaOf(more) }, heardBy(more))),
    resources: async () => (await client.listResources()).resources,
    templates: async () =>
      (await client.listResourceTemplates()).resourceTemplates.map(({ uriTemplate }) => uriTemplate),
    read: async (uri) => firstText(await client.readResource({ uri })),
    complete: async (uri, name, value) =>
      (await client.complete({ ref: { type: 'ref/resource', uri }, argument: { name, value } })).completion.values,
    prompts: async () => (await client.listPrompts()).prompts,
    prompt: async (name, args = {}) => promptText(await client.getPrompt({ name, arguments: args })),
    completePrompt: async (name, argument, value) =>
      (await client.complete({ ref: { type: 'ref/prompt', name }, argument: { name: argument, value } })).completion
        .values,
    skills: () => skillsOf(client),
    instructions: () => client.getInstructions(),
    pid: transport instanceof StdioClientTransport ? transport.pid : null,
    close: () => client.close(),
  };
}

export async function connectV1(target: Target, options: ClientOptions = {}): Promise<TestClient> {
  const forms: string[] = [];
  const client = new LegacyClient(
    { name: options.name ?? 'test-client', version: '1.0.0' },
    { capabilities: options.onForm ? { elicitation: {} } : {} },
  );
  if (options.onForm) {
    const { onForm } = options;
    client.setRequestHandler(ElicitRequestSchema, async (request) => {
      forms.push(request.params.message);
      return onForm(request.params.message);
    });
  }
  const transport =
    'url' in target
      ? new LegacyHttp(new URL(target.url))
      : new LegacyStdio({
          command: process.execPath,
          args: [command, ...(target.args ?? [])],
          env: plainEnv(target.env),
          stderr: 'pipe',
        });
  if (transport instanceof LegacyStdio && !('url' in target))
    transport.stderr?.on('data', (data: Buffer) => target.stderr?.(data.toString()));
  const wireFaults = faultsSeenBy(client);
  // The v1 SDK's transports are not written for exactOptionalPropertyTypes.
  await client.connect(transport as Parameters<typeof client.connect>[0]);
  return {
    era: 'v1',
    forms,
    wireFaults,
    tools: async () => (await client.listTools()).tools,
    call: async (name, args = {}, more = {}) =>
      toToolResult(await client.callTool({ name, arguments: args, ...metaOf(more) }, undefined, heardBy(more))),
    resources: async () => (await client.listResources()).resources,
    templates: async () =>
      (await client.listResourceTemplates()).resourceTemplates.map(({ uriTemplate }) => uriTemplate),
    read: async (uri) => firstText(await client.readResource({ uri })),
    complete: async (uri, name, value) =>
      (await client.complete({ ref: { type: 'ref/resource', uri }, argument: { name, value } })).completion.values,
    prompts: async () => (await client.listPrompts()).prompts,
    prompt: async (name, args = {}) => promptText(await client.getPrompt({ name, arguments: args })),
    completePrompt: async (name, argument, value) =>
      (await client.complete({ ref: { type: 'ref/prompt', name }, argument: { name: argument, value } })).completion
        .values,
    instructions: () => client.getInstructions(),
    pid: transport instanceof LegacyStdio ? transport.pid : null,
    close: () => client.close(),
  };
}

export const connectors = { v1: connectV1, v2: connectV2 } as const;
