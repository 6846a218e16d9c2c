import { posix } from 'node:path';
import ts from 'typescript';

/** What a room may import. A room is a folder of `src`, or a file beside the folders. */
export interface Room {
  readonly rooms: readonly string[];
  /** Rooms of which only types may be imported; they come in as arguments. */
  readonly typesOf?: readonly string[];
  /** Packages and Node's modules; a name ending in `*` stands for all that begin so. */
  readonly packages: readonly string[];
  /** May read the environment and the command line. */
  readonly readsProcess?: boolean;
}

export interface SourceFile {
  /** Below `src`, with forward slashes. */
  readonly file: string;
  readonly source: string;
}

interface Import {
  readonly target: string;
  readonly typeOnly: boolean;
}

interface Findings {
  readonly imports: readonly Import[];
  readonly faults: readonly string[];
}

/**
 * Pure: one line for every breach of the table, and for every `any`, unexplained cast and reading of the environment.
 * `roomOf` says in which room a file stands.
 */
export function breaches(
  files: readonly SourceFile[],
  table: Readonly<Record<string, Room>>,
  roomOf: (file: string) => string,
): string[] {
  const faults: string[] = [];
  const edges = new Map<string, Set<string>>();
  for (const { file, source } of files) {
    const name = roomOf(file);
    const room = Object.hasOwn(table, name) ? table[name] : undefined;
    if (!room) {
      faults.push(`${file}: stands in no room of the table`);
      continue;
    }
    const found = inspect(file, source, room);
    faults.push(...found.faults.map((fault) => `${file}:${fault}`));
    for (const wanted of found.imports) {
      const reached = wanted.target.startsWith('.')
        ? roomOf(posix.join(posix.dirname(file), wanted.target))
        : undefined;
      const fault = reached === undefined ? judgePackage(room, wanted.target) : judgeRoom(room, name, reached, wanted);
      if (fault) faults.push(`${file}: ${fault}`);
      if (reached !== undefined && reached !== name) edges.set(name, (edges.get(name) ?? new Set()).add(reached));
    }
  }
  return [...faults, ...cycles(edges)];
}

function judgePackage({ packages }: Room, target: string): string | undefined {
  const allowed = packages.some((name) =>
    name.endsWith('*') ? target.startsWith(name.slice(0, -1)) : target === name,
  );
  return allowed ? undefined : `may not import the package ${target}`;
}

function judgeRoom(room: Room, own: string, reached: string, { typeOnly }: Import): string | undefined {
  if (reached === own || room.rooms.includes(reached)) return undefined;
  if (!room.typesOf?.includes(reached)) return `may not import from the room ${reached}`;
  return typeOnly ? undefined : `may import only types from the room ${reached}`;
}

function inspect(file: string, source: string, room: Room): Findings {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
  const lineOf = (position: number) => tree.getLineAndCharacterOfPosition(position).line + 1;
  const commented = commentedLines(tree, lineOf);
  const imports: Import[] = [];
  const faults: string[] = [];

  const visit = (node: ts.Node): void => {
    const wanted = importOf(node);
    if (wanted === 'unknown') faults.push(`${lineOf(node.getStart())}: imports a name that is not written out`);
    else if (wanted) imports.push(wanted);
    if (node.kind === ts.SyntaxKind.AnyKeyword) faults.push(`${lineOf(node.getStart())}: says any`);
    if (isCast(node)) {
      const [first, last] = [lineOf(node.getStart()), lineOf(node.end)];
      const lines = Array.from({ length: last - first + 2 }, (_, index) => first - 1 + index);
      if (!lines.some((line) => commented.has(line))) faults.push(`${last}: casts without a comment that says why`);
    }
    if (!room.readsProcess && readsSettings(node)) faults.push(`${lineOf(node.getStart())}: reads the environment`);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return { imports, faults };
}

/** `import ... from`, `export ... from`, `import()`, `require()` and `import('...')` in types. */
function importOf(node: ts.Node): Import | 'unknown' | undefined {
  if (ts.isImportDeclaration(node)) return named(node.moduleSpecifier, node.importClause?.isTypeOnly ?? false);
  if (ts.isExportDeclaration(node)) return node.moduleSpecifier && named(node.moduleSpecifier, node.isTypeOnly);
  if (ts.isImportEqualsDeclaration(node) && ts.isExternalModuleReference(node.moduleReference))
    return named(node.moduleReference.expression, node.isTypeOnly);
  if (ts.isImportTypeNode(node))
    return ts.isLiteralTypeNode(node.argument) ? named(node.argument.literal, true) : 'unknown';
  if (!ts.isCallExpression(node)) return undefined;
  const loads =
    node.expression.kind === ts.SyntaxKind.ImportKeyword ||
    (ts.isIdentifier(node.expression) && node.expression.text === 'require');
  return loads ? named(node.arguments[0], false) : undefined;
}

function named(target: ts.Node | undefined, typeOnly: boolean): Import | 'unknown' {
  return target && ts.isStringLiteralLike(target) ? { target: target.text, typeOnly } : 'unknown';
}

function isCast(node: ts.Node): boolean {
  if (ts.isTypeAssertionExpression(node)) return true;
  return ts.isAsExpression(node) && !(ts.isTypeReferenceNode(node.type) && node.type.getText() === 'const');
}

// `process` alone could be taken apart or handed on, so it may only stand before a name other than these two.
function readsSettings(node: ts.Node): boolean {
  if (!ts.isIdentifier(node) || node.text !== 'process') return false;
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) return false;
  if (ts.isPropertyAccessExpression(parent)) return parent.name.text === 'env' || parent.name.text === 'argv';
  return ts.isElementAccessExpression(parent) || ts.isVariableDeclaration(parent) || ts.isCallExpression(parent);
}

function commentedLines(tree: ts.SourceFile, lineOf: (position: number) => number): Set<number> {
  const lines = new Set<number>();
  const note = (ranges: readonly ts.CommentRange[] | undefined) => {
    for (const { pos, end } of ranges ?? [])
      for (let line = lineOf(pos); line <= lineOf(end); line += 1) lines.add(line);
  };
  const visit = (node: ts.Node): void => {
    note(ts.getLeadingCommentRanges(tree.text, node.getFullStart()));
    note(ts.getTrailingCommentRanges(tree.text, node.end));
    for (const child of node.getChildren(tree)) visit(child);
  };
  visit(tree);
  return lines;
}

/** Each ring of rooms once, as `a -> b -> a`. */
function cycles(edges: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const found = new Set<string>();
  const walk = (room: string, path: readonly string[]): void => {
    const at = path.indexOf(room);
    if (at >= 0) {
      const ring = path.slice(at);
      const first = ring.indexOf([...ring].sort()[0] ?? '');
      const turned = [...ring.slice(first), ...ring.slice(0, first)];
      found.add(`rooms in a ring: ${[...turned, turned[0]].join(' -> ')}`);
      return;
    }
    for (const next of edges.get(room) ?? []) walk(next, [...path, room]);
  };
  for (const room of edges.keys()) walk(room, []);
  return [...found];
}
