import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withRooms } from '../../support/docs/rooms-table.ts';
import { covers, folderOf, importedFrom, MOST_FILES, ROOMS, undeclaredImports } from '../../support/rooms.ts';
import { ROOT, sourcesIn } from '../../support/sources.ts';

const sources = [...sourcesIn('machines', 'src'), ...binSources()];

test('every import of the program is one that ROOMS allows', () => {
  expect(sources.length).toBeGreaterThan(250);
  expect(sources.flatMap(({ path, imports }) => undeclaredImports(path, imports))).toEqual([]);
});

test('an import that ROOMS does not allow is found, and so is a folder that it does not name', () => {
  const rooms = { 'src/a': { about: '', mayImport: ['src/b', 'src/c/*', 'yargs', 'node:fs'] } };
  const allowed = ['src/a/x.ts', 'src/b/x.ts', 'src/c/d/x.ts', 'yargs', 'yargs/helpers', 'node:fs'];
  expect(undeclaredImports('src/a/y.ts', allowed, rooms)).toEqual([]);
  expect(
    undeclaredImports('src/a/y.ts', ['src/b/c/x.ts', 'node:fs/promises', '@types/yargs'], rooms),
  ).toEqual([
    'src/a/y.ts: src/a may not import src/b/c (test/support/rooms.ts)',
    'src/a/y.ts: src/a may not import node:fs/promises (test/support/rooms.ts)',
    'src/a/y.ts: src/a may not import @types/yargs (test/support/rooms.ts)',
  ]);
  expect(undeclaredImports('src/b/y.ts', [], rooms)).toEqual([
    'src/b/y.ts: src/b is no room yet; describe it in test/support/rooms.ts',
  ]);
});

test('ROOMS allows nothing that no file needs', () => {
  const used = new Map<string, Set<string>>();
  for (const { path, imports } of sources)
    for (const name of imports) {
      const room = folderOf(path);
      used.set(room, (used.get(room) ?? new Set()).add(importedFrom(name)));
    }
  const unused = Object.entries(ROOMS).flatMap(([room, { mayImport }]) =>
    mayImport
      .filter((allowed) => ![...(used.get(room) ?? [])].some((from) => covers(allowed, from)))
      .map((allowed) => `${room} does not import ${allowed}`),
  );
  expect(unused).toEqual([]);
});

test('no folder holds more files than one theme needs', () => {
  const full = Object.entries(ROOMS).flatMap(([room, { most }]) => {
    const { length } = sources.filter(({ path }) => folderOf(path) === room);
    return length > (most?.files ?? MOST_FILES) ? [`${room} holds ${length} files`] : [];
  });
  expect(full).toEqual([]);
});

test('the client and the daemon share only what lies below both', () => {
  const client = /^src\/(client|cli|library)(\/|$)/;
  const daemon = /^src\/(daemon|fleet|job|state)(\/|$)/;
  const crossing = Object.entries(ROOMS).flatMap(([room, { mayImport }]) =>
    mayImport
      .filter((name) => (client.test(room) && daemon.test(name)) || (!client.test(room) && client.test(name)))
      .map((name) => `${room} → ${name}`),
  );
  expect(crossing).toEqual([]);
});

test('the architecture page shows ROOMS as they are', () => {
  const page = readFileSync(join(ROOT, 'docs/internals/architecture.md'), 'utf8');
  expect(page).toBe(withRooms(page));
});

/** The programs in bin/, which are CommonJS so that they start at once. */
function binSources(): readonly { readonly path: string; readonly imports: readonly string[] }[] {
  return readdirSync(join(ROOT, 'bin'))
    .filter((name) => !name.endsWith('.json'))
    .map((name) => {
      const text = readFileSync(join(ROOT, 'bin', name), 'utf8');
      const required = [...text.matchAll(/require\('([^']+)'\)/g)].map(([, spec = '']) => spec);
      return { path: `bin/${name}`, imports: required.map((spec) => spec.replace(/^\.\//, 'bin/')) };
    });
}
