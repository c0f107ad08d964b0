import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Args } from '../../../../src/cli/argv/args.ts';
import { homesNamed } from '../../../../src/cli/argv/homes-named.ts';
import { missingConfig } from '../../../../src/cli/argv/named-config.ts';
import { optionsOf, wordValuesOf } from '../../../../src/cli/argv/option-spec.ts';
import { whichJobs } from '../../../../src/cli/argv/which-jobs.ts';
import type { Cli, Command } from '../../../../src/cli/cli.ts';
import { HOMES } from '../../../support/fake-client.ts';
import { newFolder } from '../../../support/new-folder.ts';

const named = (given: object, env: Record<string, string> = {}, makesProject = false) =>
  homesNamed(new Args({ ...given }), makesProject ? { makesProject } : {}, { env, homes: HOMES });

test('options name the config and the data folder, and the home is spelt out', async () => {
  expect(await named({})).toEqual({ ok: true, homes: HOMES, project: null });
  expect(await named({ config: '/c', data: '~/d' })).toEqual({
    ok: true,
    homes: { ...HOMES, config: '/c', data: '/home/me/d' },
    project: null,
  });
  expect(await named({ config: '~/c' })).toMatchObject({ homes: { config: '/home/me/c' } });
});

test('a project has its own folders, by its option or its variable', async () => {
  const dir = newFolder();
  writeFileSync(join(dir, 'overseer.toml'), '');
  const below = join(dir, 'below');
  mkdirSync(below);
  const file = join(dir, 'overseer.toml');
  const byOption = await named({ project: below });
  expect(byOption).toMatchObject({
    ok: true,
    homes: { config: file },
    project: { folder: dir, by: '--project' },
  });
  expect(await named({}, { OVERSEER_PROJECT: below })).toMatchObject({
    homes: { config: file },
    project: { by: 'OVERSEER_PROJECT' },
  });
  // A command that makes a project makes it there, and not in a folder above.
  expect(await named({ project: below }, {}, true)).toMatchObject({ project: { folder: below } });
  expect(await named({ config: '/c' }, { OVERSEER_PROJECT: below })).toMatchObject({
    homes: { config: '/c' },
  });
});

test('the data folder of a project lies within the one that --data names', async () => {
  const usual = await named({ project: '/shop' });
  const within = await named({ project: '/shop', data: '/d' });
  if (!usual.ok || !within.ok) throw new Error('both name a project');
  expect(within.homes).toMatchObject({ config: '/shop/overseer.toml', around: '/d' });
  expect(within.homes.data).toBe(usual.homes.data.replace(HOMES.data, '/d'));
});

test('the option names the project where the environment names another', async () => {
  expect(await named({ project: '~/shop' }, { OVERSEER_PROJECT: '/blog' })).toMatchObject({
    homes: { config: '/home/me/shop/overseer.toml' },
    project: { by: '--project' },
  });
});

test('folders that are named twice, or by nothing, are refused', async () => {
  const wrong = async (given: object): Promise<string> => {
    const found = await named(given);
    return found.ok ? '' : found.wrong;
  };
  const empty = '--config and --data want a folder';
  expect([
    await wrong({ config: '' }),
    await wrong({ data: '' }),
    await wrong({ project: '' }),
    await wrong({ project: '.', config: '/c' }),
  ]).toEqual([
    empty,
    empty,
    '--project wants a folder after its =, or none and no =',
    '--project and --config both name a config: leave one of them out',
  ]);
});

test('a config that was named has to be there, unless it may be empty', () => {
  const cli = (given: object, more: object = {}): Pick<Cli, 'args' | 'env' | 'homes' | 'project'> => ({
    args: new Args({ ...given }),
    env: {},
    homes: { ...HOMES, config: '/nowhere' },
    project: null,
    ...more,
  });
  const said = (given: object, more: object = {}): string | null =>
    missingConfig(cli(given, more))?.message ?? null;
  expect([
    said({}),
    said({ config: '/nowhere' }),
    said({}, { env: { OVERSEER_CONFIG: '/nowhere' } }),
    said({}, { project: { by: '--project' } }),
    said({ config: '/nowhere' }, { project: { by: '--project' } }),
    said({ config: '/nowhere', 'allow-empty': true }),
    said({ config: '/' }, { homes: { ...HOMES, config: '/' } }),
  ]).toEqual([
    null,
    'there is no /nowhere, which --config names',
    'there is no /nowhere, which OVERSEER_CONFIG names',
    'there is no /nowhere, which --project names',
    'there is no /nowhere, which --config names',
    null,
    null,
  ]);
});

test('a repeated option counts as it came last, and a repeated word once', () => {
  const args = new Args({ a: ['1', '2'], b: 'x', c: ['x', 'y', 'x'], d: [false, true], e: true, f: 7 });
  expect([args.text('a'), args.text('b'), args.text('e'), args.text('none')]).toEqual(['2', 'x', null, null]);
  expect([args.words('b'), args.words('c'), args.all('c'), args.all('b'), args.words('none')]).toEqual([
    ['x'],
    ['x', 'y'],
    ['x', 'y', 'x'],
    ['x'],
    [],
  ]);
  expect([args.flag('d'), args.flag('e'), args.flag('b'), args.all('none')]).toEqual([true, true, false, []]);
});

test('a command tells its options as they are written, and what its words may be', () => {
  const command = (words: string, values?: Command['values']): Pick<Command, 'words' | 'values'> => ({
    words,
    ...(values !== undefined && { values }),
  });
  const options = optionsOf({ options: { all: { type: 'boolean', about: '', alias: 'a' } } });
  expect([options[0]?.written, options.some(({ written }) => written.includes('--json'))]).toEqual([
    ['--all', '-a'],
    true,
  ]);
  expect([
    wordValuesOf(command('stop [jobs..]') as Command),
    wordValuesOf(command('send [job] [text..]', { text: [] }) as Command),
    wordValuesOf(command('show [job]') as Command),
    wordValuesOf(command('die') as Command),
    wordValuesOf(command('x [odd]') as Command),
  ]).toEqual([
    { each: ['jobs'], goesOn: true },
    { each: ['jobs', []], goesOn: true },
    { each: ['jobs'], goesOn: false },
    { each: [], goesOn: false },
    { each: [null], goesOn: false },
  ]);
});

test('jobs are named, or all of them are meant, and not both', () => {
  const which = (given: object) => whichJobs({ args: new Args({ ...given }) } as unknown as Cli, 'which?');
  expect([
    which({}),
    which({ jobs: ['a', 'b'] }),
    which({ all: true }),
    which({ all: true, jobs: ['a'] }),
  ]).toEqual([
    { ok: false, wrong: 'which?' },
    { ok: true, jobs: ['a', 'b'] },
    { ok: true, jobs: ['*'] },
    { ok: false, wrong: 'name jobs or say --all, not both' },
  ]);
});
