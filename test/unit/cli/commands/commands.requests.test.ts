import { COMMANDS } from '../../../../src/cli/commands/commands.ts';
import { namesOf } from '../../../../src/cli/argv/option-spec.ts';
import type { Command } from '../../../../src/cli/cli.ts';
import type { Reply, Request } from '../../../../src/wire/messages.ts';
import { AskedDaemon } from '../../../support/asked-daemon.ts';
import { run } from '../../../support/fake-cli.ts';
import { HOMES } from '../../../support/fake-client.ts';
import { answer, job, REPORT, statusOf, WHY } from '../../../support/sample-replies.ts';

const ANSWERS: Readonly<Partial<Record<Request['name'], Reply>>> = {
  apply: answer(REPORT),
  plan: answer(REPORT),
  start: answer(REPORT),
  stop: answer(REPORT),
  restart: answer(REPORT),
  status: statusOf(job({ name: 'web' })),
  why: answer({ jobs: [WHY] }),
  signal: answer({ signalled: ['web'] }),
  stdin: answer({ inputs: [] }),
  events: answer({ events: [] }),
  wait: answer({ ok: true, jobs: [job({ name: 'web' })], stuck: [] }),
  DIE: answer({ stopped: [], kept: [] }),
};

/** What a daemon is asked by a call. */
async function asked(line: string): Promise<readonly Request[]> {
  const daemon = new AskedDaemon(HOMES);
  for (const [name, reply] of Object.entries(ANSWERS)) daemon.on(name as Request['name'], [reply]);
  await run(line, daemon.world, { ports: daemon.target.ports });
  return daemon.asked;
}

const trigger = { configDir: HOMES.config, allowEmpty: false };
const apply = { name: 'apply', ...trigger, wait: true } as const;
const plan = { name: 'plan', ...trigger } as const;
const byHand = { jobs: ['web'], all: false, wait: true };

/** Every way to ask a daemon that an option changes. */
const CALLS: readonly (readonly [line: string, ...requests: readonly Request[]])[] = [
  ['', apply],
  ['apply', apply],
  ['apply web db web', { ...apply, jobs: ['web', 'db'] }],
  ['apply --no-wait', { ...apply, wait: false }],
  ['--no-wait', { ...apply, wait: false }],
  ['apply --allow-empty', { ...apply, allowEmpty: true }],
  ['apply --replace', { ...apply, replace: true }],
  ['plan', plan],
  ['plan web', { ...plan, jobs: ['web'] }],
  ['plan --allow-empty', { ...plan, allowEmpty: true }],
  ['plan --replace', { ...plan, replace: true }],
  ['plan --exit-code', plan],
  ['status', { name: 'status', jobs: [] }],
  ['status --all', { name: 'status', jobs: [] }],
  ['status web tag:x', { name: 'status', jobs: ['web', 'tag:x'] }],
  ['ls web', { name: 'status', jobs: ['web'] }],
  ['why web', { name: 'why', job: 'web' }],
  ['why web db web', { name: 'why', job: 'web' }, { name: 'why', job: 'db' }],
  ['start web', { name: 'start', ...byHand }],
  ['start --all', { name: 'start', jobs: [], all: true, wait: true }],
  ['start web --no-wait', { name: 'start', ...byHand, wait: false }],
  ['stop web', { name: 'stop', jobs: ['web'], all: false }],
  ['stop --all', { name: 'stop', jobs: [], all: true }],
  ['restart web', { name: 'restart', ...byHand }],
  ['restart --all', { name: 'restart', jobs: [], all: true, wait: true }],
  ['restart web --no-wait', { name: 'restart', ...byHand, wait: false }],
  ['restart web --rolling', { name: 'restart', ...byHand, rolling: true }],
  ['signal HUP web', { name: 'signal', signal: 'SIGHUP', jobs: ['web'] }],
  ['signal 1 --all', { name: 'signal', signal: 'SIGHUP', jobs: ['*'] }],
  ['send web one two', { name: 'stdin', jobs: ['web'] }],
  ['attach web', { name: 'stdin', jobs: ['web'] }],
  ['events', { name: 'events', jobs: [], follow: false, verbose: false }],
  ['events web --verbose', { name: 'events', jobs: ['web'], follow: false, verbose: true }],
  ['events -f', { name: 'events', jobs: [], follow: true, verbose: false }],
  ['events web --follow --verbose', { name: 'events', jobs: ['web'], follow: true, verbose: true }],
  ['wait web', { name: 'wait', jobs: ['web'], state: 'running' }],
  ['wait --all', { name: 'wait', jobs: ['*'], state: 'running' }],
  ['wait web --for held', { name: 'wait', jobs: ['web'], state: 'held' }],
  [
    'wait web db --for running,failed --for failed,held',
    { name: 'wait', jobs: ['web', 'db'], state: 'running,failed,held' },
  ],
  ['wait web --timeout 5', { name: 'wait', jobs: ['web'], state: 'running' }],
  ['die', { name: 'DIE', keepJobs: false }],
  ['die --keep-jobs', { name: 'DIE', keepJobs: true }],
  ['shutdown --keep-jobs', { name: 'DIE', keepJobs: true }],
];

test.each(CALLS.map(([line, ...requests]) => [line, requests] as const))(
  '`overseer %s` asks the daemon for exactly what its words and options say',
  async (line, requests) => {
    expect(await asked(line)).toEqual(requests);
  },
);

test('every option of the commands that ask for something stands in that table', () => {
  const isFor = (command: Command, line: string): boolean =>
    namesOf(command).includes(line.split(' ')[0] ?? '');
  const steering = COMMANDS.filter((command) => CALLS.some(([line]) => isFor(command, line)));
  const missing = steering.flatMap((command) => {
    const words = CALLS.filter(([line]) => isFor(command, line)).flatMap(([line]) => line.split(' '));
    return Object.entries(command.options ?? {})
      .filter(([option, { alias }]) => !words.includes(`--${option}`) && !words.includes(`-${alias}`))
      .map(([option]) => `${namesOf(command)[0]} --${option}`);
  });
  expect([steering.length, missing]).toEqual([13, ['status --usage', 'status --watch', 'attach --lines']]);
});
