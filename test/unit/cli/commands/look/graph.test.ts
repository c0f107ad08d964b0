import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answering, run, type Outcome } from '../../../../support/fake-cli.ts';
import { HOMES } from '../../../../support/fake-client.ts';
import { newFolder } from '../../../../support/new-folder.ts';
import { job, statusOf } from '../../../../support/sample-replies.ts';
import type { Reply } from '../../../../../src/wire/messages.ts';

const CONFIG = ['db', 'api', 'clock']
  .map((name) => `[[jobs]]\nname = "${name}"\njob_command = "x"\n${name === 'api' ? 'after = ["db"]\n' : ''}`)
  .join('');

function graph(words: string, { config = CONFIG, reply = null as Reply | null } = {}): Promise<Outcome> {
  const dir = newFolder();
  writeFileSync(join(dir, 'a.toml'), config);
  return run(`graph ${words}`, answering(reply), { homes: { ...HOMES, config: dir } });
}

test('the graph is a tree in lines, with the states that a daemon knows', async () => {
  expect(await graph('')).toEqual({ code: 0, out: 'db\n└─ api\nclock\n', err: '' });
  const known = statusOf(job({ name: 'db', job: 'db' }), job({ name: 'api', job: 'api', state: 'held' }));
  expect((await graph('', { reply: known })).out).toBe('db  running\n└─ api  held\nclock\n');
});

test('the graph is drawn in each format, of all jobs or of some with what they need', async () => {
  expect((await graph('api')).out).toBe('db\n└─ api\n');
  expect((await graph('c* --format mermaid')).out).toBe('flowchart TD\n  job1["clock"]\n');
  expect((await graph('--format dot')).out).toMatch(/^digraph jobs \{\n/);
  expect(JSON.parse((await graph('api --json')).out)).toMatchObject({
    jobs: [{ name: 'db' }, { name: 'api' }],
  });
  expect((await graph('clock --format svg')).out).toMatch(/^<svg /);
});

test('the graph of a tag has the jobs with it, and what they need', async () => {
  const config = CONFIG.replace('after =', 'tags = ["front"]\nafter =');
  expect((await graph('tag:front', { config })).out).toBe('db\n└─ api\n');
});

test('a job or a format that is not there, and a bad config, are refused', async () => {
  const said = async (words: string, config = CONFIG): Promise<string> => {
    const { code, err } = await graph(words, { config });
    return `${code} ${err.split('\n').at(-2)}`;
  };
  expect([
    await said('apo'),
    (await graph('--format png')).err.split('\n')[0],
    await said('', 'nonsense = 1\n'),
    await said('', ''),
  ]).toEqual([
    '4 overseer: the config has no job apo: did you mean "api"?',
    expect.stringMatching(/^overseer: there is no format png.*; there are text, json, mermaid, dot, svg$/),
    '78 overseer: the config has a problem',
    '0 the config names no jobs',
  ]);
});
