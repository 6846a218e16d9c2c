/** What an argument is completed from. */
export type Completion = 'warehouses' | 'contacts' | 'items';

export interface GuideArgument {
  readonly name: string;
  /** Said to a person who fills it in. */
  readonly description: string;
  readonly required?: boolean;
  readonly complete?: Completion;
}

/**
 * How a stock keeper does a job with these tools: written once, and served as a prompt, which a person picks and fills
 * in, and as a skill, which an agent reads when the job comes up. Data only, so that listing costs nothing.
 */
export interface Guide {
  readonly name: string;
  readonly title: string;
  /** What it is for and when; the same words list the prompt and the skill. */
  readonly description: string;
  /** Tools its text sends to: served only where all of them are listed. */
  readonly tools: readonly string[];
  readonly arguments: readonly GuideArgument[];
  /** Markdown. `{{name}}` stands for an argument; a line that names one which was not given is left out. */
  readonly text: string;
}

const place = /\{\{(\w+)\}\}/g;

/** One line, cut, and without what could close a place: an argument is a value, and never another instruction. */
const lineOf = (given: string): string =>
  given
    .replace(/[\p{Cc}\p{Cf}{}]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 2_000);

/** The text of a prompt with the arguments that a person filled in. */
export function promptText({ text }: Guide, given: Readonly<Record<string, string | undefined>>): string {
  const valueFor = (name: string) => lineOf(given[name] ?? '');
  const isSaid = (line: string) => [...line.matchAll(place)].every(([, name = '']) => valueFor(name) !== '');
  return text
    .split('\n')
    .filter(isSaid)
    .map((line) => line.replace(place, (_, name: string) => valueFor(name)))
    .join('\n');
}

/** The same as a skill: what a prompt is filled in with is asked for there. */
export function skillText({ name, title, description, text, arguments: wanted }: Guide): string {
  const asked = wanted.map(
    (one) =>
      `- \`<${one.name}>\`${one.required ? '' : ' (may be left out, with the line that names it)'}: ${one.description}`,
  );
  const body = text.replace(place, (_, key: string) => `\`<${key}>\``);
  return [
    ...['---', `name: ${name}`, `description: ${JSON.stringify(description)}`, '---', `# ${title}`, ''],
    ...(asked.length > 0 ? ['Take from what the person said, or ask for:', ...asked, ''] : []),
    body,
    '',
  ].join('\n');
}
