import { mkdirSync, writeFileSync } from 'node:fs';
import { awaited, ended, within } from './support/home.ts';
import { shellJob } from './support/shell-job.ts';
import { home } from './support/fresh-home.ts';

test('T-10 logs -f of several jobs has the name before each line, of jobs that come later too', async () => {
  const says = (name: string): string => shellJob(name, `echo ${name} is up; exec sleep 1000`);
  home.write('jobs.toml', says('web') + says('api'));
  await home.apply();
  const follower = home.begin({}, 'logs', '-f');
  let out = '';
  follower.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  const gone = ended(follower);
  const lines = (): readonly string[] => out.replaceAll(/ +\|/g, ' |').trim().split('\n').toSorted();
  await awaited(async () => lines().length === 2 || null, 'the lines of both');
  home.write('more.toml', says('later'));
  await home.apply();
  await awaited(async () => lines().length === 3 || null, 'a line of the third');
  follower.kill('SIGINT');
  expect(await within(gone, 'the end')).toMatchObject({ code: 0, stderr: '' });
  expect(lines()).toEqual(['api | api is up', 'later | later is up', 'web | web is up']);
});

test('T-11 run --json has an object for each line and each step, and ends by itself', async () => {
  mkdirSync(home.path('project'));
  writeFileSync(home.path('project/overseer.toml'), shellJob('once', 'echo done', 'restart = "never"'));
  const { code, stdout, stderr } = await within(home.overseer('run', 'project', '--json'), 'the end');
  const said = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Readonly<Record<string, string>>);
  expect([code, stderr]).toEqual([0, '']);
  expect(said.filter(({ line }) => line !== undefined)).toEqual([{ job: 'once', line: 'done' }]);
  expect(said.filter(({ id }) => id === 'once').at(-1)).toMatchObject({
    machine: 'job',
    to: expect.stringContaining('Finished'),
  });
});
