import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answering, run, type Outcome } from '../../../../support/fake-cli.ts';
import { HOMES } from '../../../../support/fake-client.ts';
import { newFolder } from '../../../../support/new-folder.ts';
import { answer, job, refusal, WHY } from '../../../../support/sample-replies.ts';
import type { Reply, Why } from '../../../../../src/wire/messages.ts';

const named = (name: string): Why => ({ ...WHY, status: job({ name, state: 'held' }) });
const answered = (...names: readonly string[]): Reply => answer({ jobs: names.map(named) });

function why(words: string, reply: Reply | null): Promise<Outcome> {
  const data = newFolder();
  mkdirSync(join(data, 'logs'));
  writeFileSync(
    join(data, 'logs', 'web.log'),
    Array.from({ length: 12 }, (_, at) => `line ${at}\n`).join(''),
  );
  return run(`why ${words}`, answering(reply), { homes: { ...HOMES, data } });
}

test('why tells the state of a job, and ends with the last lines of its log', async () => {
  const { code, out, err } = await why('web', answered('web'));
  expect([code, err]).toEqual([0, '']);
  expect(out).toMatch(/^web {2}held\n/);
  const printed = out.slice(out.indexOf('last lines of the log\n')).trimEnd().split('\n');
  expect([printed.length, printed[1], printed.at(-1)]).toEqual([11, '  line 2', '  line 11']);
});

test('why of several jobs tells one after the other, each once', async () => {
  const { out } = await why('web', answered('a@1', 'a@2'));
  expect(out.match(/^a@\d {2}held$/gm)).toEqual(['a@1  held', 'a@2  held']);
  // An empty line stands between them, and none at the end.
  expect([out.includes('\n\na@2  held\n'), out.endsWith('\n\n')]).toEqual([true, false]);
  expect(out).not.toContain('last lines of the log');
  const twice = await why('web web', answered('web'));
  expect(twice.out.match(/^web {2}held$/gm)).toEqual(['web  held']);
});

test('why as JSON is an object of one job, or a list of several', async () => {
  const one = JSON.parse((await why('web --json', answered('web'))).out) as Record<string, unknown>;
  expect(one).toMatchObject({
    status: { name: 'web', state: 'held' },
    because: [expect.stringMatching(/^Its test says no/), expect.any(String)],
    printed: expect.arrayContaining(['line 11']),
    history: [{ event: expect.not.stringContaining('xstate'), state: 'held' }],
  });
  expect((one['history'] as readonly object[])[0]).not.toHaveProperty('age');
  expect(JSON.parse((await why('a --json', answered('a@1', 'a@2'))).out)).toHaveLength(2);
});

test('why wants a job, and gives the refusal of the daemon', async () => {
  expect((await why('', null)).err.split('\n')[0]).toBe('overseer: which job?');
  expect(await why('web db', refusal('shutting-down'))).toMatchObject({
    code: 1,
    out: '',
    err: 'overseer: it is shutting-down\n',
  });
});
