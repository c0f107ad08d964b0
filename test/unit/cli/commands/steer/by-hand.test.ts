import { answering, run } from '../../../../support/fake-cli.ts';
import { fakeWorld, launchOf } from '../../../../support/fake-client.ts';
import { answer, change, refusal, REPORT } from '../../../../support/sample-replies.ts';
import type { Report } from '../../../../../src/wire/messages.ts';

const report = (...changes: Report['changes']): Report => ({ ok: true, changes, problems: [] });

test.each(['start', 'stop', 'restart'])('%s wants jobs or --all, and not both', async (name) => {
  const said = async (words: string): Promise<string> => {
    const { code, err } = await run(`${name} ${words}`, answering(answer(REPORT)));
    return `${code} ${err.split('\n')[0]}`;
  };
  expect([await said(''), await said('web --all')]).toEqual([
    `64 overseer: which job? Name it, or say \`overseer ${name} --all\``,
    '64 overseer: name jobs or say --all, not both',
  ]);
});

test('what a command by hand did is printed for each job', async () => {
  const stopped = report(change({ action: 'stop', reason: 'by-hand', state: 'stopped', pid: null }));
  const { code, out, err } = await run('stop web', answering(answer(stopped)));
  expect([code, out, err]).toEqual([0, expect.stringMatching(/^- web +stopped/), '']);
  const json = await run('stop web --json', answering(answer(stopped)));
  expect(JSON.parse(json.out)).toMatchObject({ ok: true, changes: [{ job: 'web', action: 'stop' }] });
  const failed = await run('restart --all --rolling', answering(answer({ ...stopped, ok: false })));
  expect(failed.code).toBe(1);
});

test('only a start begins a daemon, and only where there is a config', async () => {
  const world = (hasConfig: boolean) =>
    fakeWorld({ hasConfig, launches: [launchOf(1)], daemons: new Map([[1, { replies: [answer(REPORT)] }]]) });
  const asked = async (words: string, hasConfig: boolean): Promise<unknown> => {
    const each = world(hasConfig);
    const { code } = await run(words, each);
    return [code, each.log.includes('launch')];
  };
  expect([
    await asked('start web', true),
    await asked('start web', false),
    await asked('restart web', true),
    await asked('stop web', true),
  ]).toEqual([
    [0, true],
    [3, false],
    [3, false],
    [3, false],
  ]);
});

test('a refusal is told, with an exit code that says what kind it is', async () => {
  const told = async (code: Parameters<typeof refusal>[0]): Promise<string> => {
    const { code: exit, err } = await run('stop web', answering(refusal(code)));
    return `${exit} ${err}`;
  };
  expect([
    await told('degraded'),
    await told('bad-request'),
    await told('busy'),
    await told('other-config'),
  ]).toEqual([
    '1 overseer: it is degraded\n',
    '64 overseer: it is bad-request\n',
    '1 overseer: it is busy\n',
    '78 overseer: it is other-config\n',
  ]);
});

test('who has no daemon is told what would start one, unless it is to end something', async () => {
  const told = async (words: string, hasConfig = true): Promise<string> =>
    (await run(words, fakeWorld({ hasConfig }))).err;
  expect([
    await told('restart web'),
    await told('restart web', false),
    await told('stop web'),
    await told('die'),
  ]).toEqual([
    'overseer: no daemon is running; `overseer` starts one\n',
    'overseer: no daemon is running, and there is no config in /home/me/.config/overseer; `overseer init` writes a first one\n',
    'overseer: no daemon is running\n',
    'overseer: no daemon is running\n',
  ]);
  const hidden = fakeWorld({ socket: { kind: 'unusable', detail: 'it can be read by others' } });
  expect((await run('restart web', hidden)).err).toBe(
    'overseer: no daemon is running that could be found: it can be read by others\n',
  );
});
