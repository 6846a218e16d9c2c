import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import type { Reply } from '../../src/client/client.ts';
import { textOf } from '../../src/mcp/result.ts';

/** Tokens of the text that a model reads of a reply. */
export const tokensOf = (reply: Reply): number => encode(textOf(reply)).length;
