import { appendFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ended } from './support/home.ts';
import { home } from './support/fresh-home.ts';
import { inShort } from './support/in-short.ts';
import { program, script } from './support/sleeps.ts';
import { logged } from './support/logged.ts';
import { logHolds } from './support/log-holds.ts';

test('T-171 signs, quotes and every script reach the program as they are written', async () => {
  const words = ['100%', '%s', "it's", '"quoted"', 'käse 茶 🍵', '$HOME', '*', '', '--', 'a b'];
  const print = JSON.stringify('printf "<%s>" "$@" "$SAYS"');
  home.write(
    'jobs.toml',
    program(
      'odd',
      `{ exe = "sh", args = ["-c", ${print}, "x", ${words.map((word) => JSON.stringify(word)).join(', ')}] }`,
      'env = { SAYS = "100% käse" }\nrestart = "never"',
    ),
  );
  await home.overseer();
  await home.until('odd', ({ state }) => state === 'finished');
  await logHolds(home, 'odd', [...words, '100% käse'].map((word) => `<${word}>`).join(''));
});

test('T-172 a job’s environment is the base, then env_file, then env, then its own name', async () => {
  writeFileSync(home.path('first.env'), 'A=file\nB=file\nC=file\n');
  writeFileSync(home.path('second.env'), 'B=second\n');
  const files = 'env_file = ["first.env", "second.env"]';
  home.write(
    'jobs.toml',
    script('web', 'env | sort; exec sleep 1000', `${files}\nenv = { C = "env", D = "\${USER}" }`),
  );
  const environment = async (): Promise<readonly string[]> => {
    await logged('web', 'XDG_DATA_HOME=');
    return home
      .log('web')
      .split('\n')
      .filter((line) => /^([A-D]|OVERSEER_(?!ID)\w+|LEAKED)=/.test(line));
  };
  await ended(home.begin({ LEAKED: 'from a terminal' }));
  expect(await environment()).toEqual(['A=file', 'B=second', 'C=env', 'D=tester', 'OVERSEER_JOB=web']);
  rmSync(join(home.data, 'logs', 'web.log'));
  home.write('jobs.toml', script('web', 'env | sort; exec sleep 1000', files));
  expect(inShort((await home.apply()).changes)).toEqual(['web restart changed running']);
  expect(await environment()).toEqual(['A=file', 'B=second', 'C=file', 'OVERSEER_JOB=web']);
  appendFileSync(home.path('second.env'), 'A=second\n');
  expect((await home.apply()).changes).toMatchObject([{ action: 'restart', reason: 'changed' }]);
});

test.each([
  ['9lives', 'a digit first'],
  ['a.b@c:d-e_f', 'every sign that is allowed'],
  ['x'.repeat(64), 'sixty-four letters'],
])('T-173 a job may be called %s (%s)', async (name) => {
  home.write('jobs.toml', script(name, 'echo here; exec sleep 1000'));
  await home.overseer();
  await logged(name, 'here');
  expect([(await home.overseer('status', name)).code, (await home.overseer('stop', name)).code]).toEqual([
    0, 0,
  ]);
});
