import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Args } from '../../../../src/cli/argv/args.ts';
import { projectAndJobs } from '../../../../src/cli/run/project-and-jobs.ts';
import type { Cli } from '../../../../src/cli/cli.ts';
import { answering, run } from '../../../support/fake-cli.ts';
import { HOMES } from '../../../support/fake-client.ts';
import { leastCli } from '../../../support/least-cli.ts';

const before = process.cwd();
let dir: string;
beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'o-')));
  for (const name of ['shop', 'plain']) mkdirSync(join(dir, name));
  for (const folder of ['', 'shop']) writeFileSync(join(dir, folder, 'overseer.toml'), '');
  process.chdir(dir);
});
afterEach(() => {
  process.chdir(before);
  rmSync(dir, { recursive: true });
});

function found(words: readonly string[], given: object = {}, jobs: readonly string[] = []): unknown {
  const { cli } = leastCli({ args: new Args({ jobs: words, ...given }) });
  const wanted = projectAndJobs(cli, (_, word) => jobs.includes(word));
  return wanted.ok ? [wanted.project.folder.slice(dir.length), ...wanted.jobs] : wanted.wrong;
}

test('a word that is a path names the project, and the others its jobs', () => {
  expect([found([]), found(['web', 'db']), found(['./shop', 'web']), found(['shop/overseer.toml'])]).toEqual([
    [''],
    ['', 'web', 'db'],
    ['/shop', 'web'],
    ['/shop'],
  ]);
  expect([found(['.']), found(['web'], { config: 'shop' })]).toEqual([[''], ['/shop', 'web']]);
});

test('a word that is the name of a project’s folder names it, unless a job here has that name', () => {
  expect([found(['shop', 'web']), found(['shop', 'web'], {}, ['shop']), found(['plain'])]).toEqual([
    ['/shop', 'web'],
    ['', 'shop', 'web'],
    ['', 'plain'],
  ]);
});

/** Whose config and data folders a call is about. */
function folders(words: readonly string[], given: Partial<Cli> = {}): unknown {
  const { cli } = leastCli({ args: new Args({ jobs: words }), ...given });
  const wanted = projectAndJobs(cli, () => false);
  if (!wanted.ok) throw new Error(wanted.wrong);
  const { config, around } = wanted.project.homes;
  return [config.replace(dir, ''), around];
}

test('a word that ends in .toml, or is the folder above, is a path too', () => {
  writeFileSync(join(dir, 'ops.toml'), '');
  expect(folders(['ops.toml'])).toEqual(['/ops.toml', HOMES.data]);
  process.chdir(join(dir, 'plain'));
  expect(folders(['..'])).toEqual(['/overseer.toml', HOMES.data]);
  expect(folders(['~/shop'])).toEqual(['/home/me/shop/overseer.toml', HOMES.data]);
});

test('the data folder of a project lies within the one that was named', () => {
  const named = { ...HOMES, data: '/data' };
  expect(folders([], { homes: named })).toEqual(['/overseer.toml', '/data']);
  expect(folders(['./shop'], { homes: named })).toEqual(['/shop/overseer.toml', '/data']);
});

test('a project that was named counts wherever the call is made', () => {
  const homes = { ...HOMES, config: '/blog/overseer.toml', around: '/data' };
  const named = { project: { homes, folder: '/blog', isThere: true, by: '--project' }, homes };
  expect(folders(['web'], named)).toEqual(['/blog/overseer.toml', '/data']);
  // A path goes before it, and keeps to the same data folder.
  expect(folders(['./shop'], named)).toEqual(['/shop/overseer.toml', '/data']);
});

test('two projects, and standard input, are refused', () => {
  expect([found(['./a', './b']), found(['-']), found(['./shop'], { project: '.' })]).toEqual([
    './a and ./b are two projects: name one',
    '- is no file: standard input is not read',
    '--project and ./shop both name a project: leave one of them out',
  ]);
});

test('a run says what is wrong with the project before anything begins', async () => {
  const said = async (words: string): Promise<string> => {
    const { code, err } = await run(`run ${words}`, answering(null));
    return `${code} ${err.replaceAll(dir, 'D').trimEnd().split('\n').at(-1)}`;
  };
  expect(await said('')).toBe('78 overseer: there is no job in D/overseer.toml');
  expect(await said('./nowhere')).toMatch(/^78 overseer: there is no D\/nowhere/);
  expect(await said('./plain')).toMatch(/^78 overseer: there is no |^78 overseer: there is no job/);
  writeFileSync(join(dir, 'overseer.toml'), '[[jobs]]\nname = "web"\njob_command = "x"\n');
  expect(await said('wbe')).toBe('4 overseer: no such job: wbe: did you mean "web"?');
  expect(await said('zzzzzz')).toBe('4 overseer: no such job: zzzzzz (known are web)');
  writeFileSync(join(dir, 'overseer.toml'), 'nonsense = 1\n');
  const bad = await run('run --json', answering(null));
  expect([bad.code, JSON.parse(bad.out)]).toEqual([
    78,
    { ok: false, problems: [expect.objectContaining({ line: 1, column: 1 })] },
  ]);
});
