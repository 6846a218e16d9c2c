import { type Skill, SkillsExtension, skillEntry } from '@modelcontextprotocol/server/ext/skills';
import { type Guide, skillText } from './guides/define.ts';

const baseUri = 'skill://';
const fileName = 'SKILL.md';
const uriOf = ({ name }: Guide): string => `${baseUri}${name}/${fileName}`;

/** They change with a release only. */
const cacheHint = { ttlMs: 3_600_000, cacheScope: 'public' } as const;

/**
 * The guides as skills of the extension `io.modelcontextprotocol/skills` (SEP-2640), by one instance for any number of
 * servers. Digests are reckoned when somebody lists them first, so that a start does not wait for them.
 */
export function createSkills(guides: readonly Guide[]): SkillsExtension {
  const byUri = new Map(guides.map((guide) => [uriOf(guide), guide]));
  let kept: Promise<Skill[]> | undefined;
  const entries = () => {
    kept ??= Promise.all(guides.map((guide) => skillEntry(guide.name, { [fileName]: skillText(guide) })));
    return kept;
  };
  return new SkillsExtension({
    baseUri,
    cacheHint,
    source: {
      list: async () => ({ skills: await entries() }),
      get: async (uri) => (await entries()).find((entry) => entry.uri === uri),
      read: async (uri) => {
        const guide = byUri.get(uri);
        return guide && { text: skillText(guide), mimeType: 'text/markdown' };
      },
    },
  });
}
