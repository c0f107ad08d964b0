import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { unitText } from '../../../../../src/cli/autostart/managers/systemd-unit.ts';
import { placeOf } from '../../../../../src/cli/autostart/place.ts';
import { answering, run } from '../../../../support/fake-cli.ts';
import { fakePorts, fakeWorld, HOMES, launchOf, type FakeWorld } from '../../../../support/fake-client.ts';
import { newFolder } from '../../../../support/new-folder.ts';
import { answer, BAD, change, REPORT } from '../../../../support/sample-replies.ts';
import type { Report } from '../../../../../src/wire/messages.ts';

function homesWith(config: string) {
  const dir = newFolder();
  writeFileSync(join(dir, 'a.toml'), config);
  return { ...HOMES, config: dir };
}
const WEB = '[[jobs]]\nname = "web"\njob_command = "x"\n';
const launching = (given: Partial<FakeWorld> = {}): FakeWorld =>
  fakeWorld({ launches: [launchOf(1)], daemons: new Map([[1, { replies: [answer(REPORT)] }]]), ...given });

test('a trigger begins a daemon, and prints what it changed', async () => {
  const world = launching();
  const { code, out } = await run('apply', world, { homes: homesWith(WEB) });
  expect([code, out]).toEqual([0, expect.stringMatching(/unchanged|nothing/)]);
  expect(world.log).toContain('launch');
});

test('a config with problems begins no daemon, and its problems are the answer', async () => {
  const world = launching();
  const homes = homesWith('nonsense = 1\n');
  const { code, err } = await run('apply', world, { homes });
  expect([code, err]).toEqual([78, expect.stringMatching(/a\.toml:1:1: .*nonsense/)]);
  expect(world.log).not.toContain('launch');
  const json = await run('apply --json', launching(), { homes });
  expect(JSON.parse(json.out)).toMatchObject({ ok: false, changes: [], problems: [{ line: 1, column: 1 }] });
});

test('without a config no daemon is begun for nothing, but one that runs is asked', async () => {
  const world = launching({ hasConfig: false });
  expect(await run('apply', world)).toMatchObject({ code: 3 });
  expect(world.log).not.toContain('launch');
  expect((await run('apply', answering(answer(REPORT)))).code).toBe(0);
});

test('a trigger fails where a job did not come up, and says what is wrong with a config', async () => {
  const failed: Report = {
    ok: false,
    changes: [change({ action: 'start', state: 'failed', pid: null })],
    problems: [],
  };
  const said = async (report: Report, words = 'apply'): Promise<number> =>
    (await run(words, answering(answer(report)))).code;
  expect([await said(failed), await said(BAD), await said(REPORT, 'apply web --no-wait --replace')]).toEqual([
    1, 78, 0,
  ]);
});

test('a config that was named and is missing is told, also as JSON', async () => {
  const { code, err } = await run('apply --config /nowhere/x', answering(null));
  expect([code, err]).toEqual([78, 'overseer: there is no /nowhere/x, which --config names\n']);
  expect(JSON.parse((await run('plan --config /nowhere/x --json', answering(null))).out)).toMatchObject({
    ok: false,
    error: { code: 'no-config' },
  });
});

test('with --allow-empty a daemon is begun without a config where it has jobs to take down', async () => {
  const homes = { ...HOMES, config: newFolder() };
  const launched = async (plan: Report, words: string): Promise<unknown> => {
    const world = launching({ hasConfig: false });
    const planOffline = () => Promise.resolve(answer(plan));
    const ports = { ...fakePorts(world), planOffline };
    const { code } = await run(words, world, { homes, ports });
    return [code, world.log.includes('launch')];
  };
  const nothing: Report = { ok: true, changes: [], problems: [] };
  const removal: Report = { ...nothing, changes: [change({ action: 'remove', reason: 'removed' })] };
  expect([
    await launched(removal, 'apply --allow-empty'),
    await launched(nothing, 'apply --allow-empty'),
    await launched(removal, 'apply'),
  ]).toEqual([
    [0, true],
    [0, false],
    [0, false],
  ]);
});

test('a trigger looks after the entry that starts overseer at login', async () => {
  const homes = { ...homesWith(WEB), home: newFolder() };
  const file = (await placeOf(homes, {}))?.file ?? '';
  const seen = { program: '/gone/overseerd', node: '/gone/node' };
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, unitText({ program: seen.program, seen, path: '/gone', variables: {} }));
  const { code, err } = await run('apply', launching(), { homes });
  expect([code, err]).toEqual([
    0,
    expect.stringMatching(/^overseer: the entry that starts overseer at login does not work any more: /),
  ]);
});
