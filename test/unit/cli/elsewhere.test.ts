import { commandElsewhere, jobElsewhere, optionElsewhere } from '../../../src/cli/elsewhere.ts';
import { COMMANDS } from '../../../src/cli/commands/commands.ts';
import { namesOf } from '../../../src/cli/argv/option-spec.ts';
import { answering, run } from '../../support/fake-cli.ts';

const said = async (line: string): Promise<string> =>
  (await run(line, answering(null))).err.split('\n')[0] ?? '';

test.each([
  ['list', '`overseer status` lists the jobs'],
  ['ps', '`overseer status` lists the jobs'],
  ['describe web', '`overseer why JOB` tells about a job'],
  ['up -d', '`overseer` applies the config; `overseer run` runs the jobs in this terminal'],
  ['down', '`overseer die` stops every job and the daemon; `overseer stop JOB` stops a job'],
  ['monit', '`overseer status --watch` shows the jobs live'],
  ['log web', '`overseer logs` shows what jobs print'],
  ['exec web sh', '`overseer run JOB` runs a job of a project in this terminal'],
  ['delete web', 'remove the job from the config, then `overseer`'],
])('`overseer %s` is answered with the command here', async (line, answer) => {
  expect(await said(line)).toBe(`overseer: unknown command ${line.split(' ')[0]}: ${answer}`);
});

test.each([
  ['logs --tail 5', 'overseer: unknown option --tail: `-n N` shows the last N lines'],
  ['logs -5', 'overseer: unknown option -5: `-n 5` shows the last lines'],
  ['stop web -1', 'overseer: unknown option -1'],
  ['logs -- -5', 'overseer: no such job and no log of one: -5'],
  ['status -a', 'overseer: unknown option -a: `--all` means every job'],
  ['die web', 'overseer: unexpected word web: `overseer stop web` stops one job, die ends the daemon'],
])('`overseer %s` is answered with the command that was meant', async (line, answer) => {
  expect(await said(line)).toBe(answer);
});

test('all and a file name are no jobs, and the message says what to write instead', () => {
  expect(jobElsewhere('all')).toBe('`--all` means every job');
  expect(jobElsewhere('api.js')).toContain('[[jobs]]');
  expect([jobElsewhere('api'), jobElsewhere('web.1')]).toEqual([null, null]);
});

test('an option is suggested only if the command has it', () => {
  expect(optionElsewhere('--tail', 'status')).toBeNull();
  expect(commandElsewhere('sttaus')).toBeNull();
});

test('a command that is suggested exists', () => {
  const names = new Set(COMMANDS.flatMap(namesOf));
  const words = [
    'list',
    'describe',
    'up',
    'down',
    'kill',
    'exec',
    'monit',
    'web',
    'attach',
    'log',
    'startup',
    'test',
  ];
  const suggested = words.flatMap((word) =>
    [...(commandElsewhere(word) ?? '').matchAll(/`overseer ([a-z]+)/g)].map(([, name = '']) => name),
  );
  expect(suggested.length).toBeGreaterThan(10);
  expect(suggested.filter((name) => !names.has(name))).toEqual([]);
});
