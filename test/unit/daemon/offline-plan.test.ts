import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jobMachine } from '../../../machines/job.ts';
import { offlinePlan } from '../../../src/daemon/offline-plan.ts';
import { dataFolder } from '../../../src/data-folder.ts';
import { fingerprint } from '../../../src/fleet/fingerprint.ts';
import { firstStep } from '../../../src/host/chart-step.ts';
import { thisOs } from '../../../src/os/this-os.ts';
import { policyOf } from '../../../src/plan/policy.ts';
import { openJournal } from '../../../src/state/journal.ts';
import type { Reply, TriggerRequest } from '../../../src/wire/messages.ts';
import { LEAST_JOB } from '../../support/least-job.ts';

let home: string;
let data: string;
let config: string;
/** The child of a job. */
let child: ChildProcess | null = null;
beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'overseer-offline-')));
  data = join(home, 'data');
  config = join(home, 'config');
  mkdirSync(config);
});
afterEach(() => {
  child?.kill('SIGKILL');
  child = null;
  rmSync(home, { recursive: true, force: true });
});

const plan = (request: Partial<TriggerRequest> = {}): Promise<Reply> =>
  offlinePlan({
    homes: { config, data, home },
    environment: {},
    umask: 0o022,
    request: { configDir: config, allowEmpty: false, ...request },
  });

const configure = (text: string): void => writeFileSync(join(config, 'a.toml'), text);
const WEB = '[[jobs]]\nname = "web"\njob_command = "node"\n';

const AT = '2026-01-01T00:00:00.000Z';

/** Leaves the record of a job that runs, with a child that lives or one that has gone. */
function leaveRunning({ isGone = false } = {}): void {
  mkdirSync(data, { mode: 0o700 });
  const opening = openJournal(dataFolder(data).journal, {});
  if (!opening.ok) throw new Error(opening.message);
  const job = { ...LEAST_JOB, cwd: home };
  const input = { name: 'web', policy: policyOf(job), spec: fingerprint(job) };
  const { context } = firstStep(jobMachine, input).after;
  const os = thisOs();
  child ??= spawn('/bin/sh', ['-c', 'read line'], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  const pid = child.pid ?? 0;
  const start = isGone ? 'long ago' : (os.identify(pid)?.start ?? '');
  opening.store.put('config:web', { number: null, job });
  opening.store.put('state:web', {
    value: { want: 'Yes', test: { Idle: 'Quiet' }, child: { Up: 'Running' } },
    context: { ...context, run: 1, runSpec: input.spec, child: { pid, start, boot: os.bootId(), at: AT } },
  });
  opening.store.put('source', { path: config, real: config });
  opening.store.close();
}

test('without a daemon or a state each job of the config would be started', async () => {
  configure(WEB);
  expect(await plan()).toEqual({
    kind: 'answer',
    answer: {
      ok: true,
      problems: [],
      changes: [{ job: 'web', action: 'start', reason: 'new', facts: [], state: 'stopped', pid: null }],
    },
  });
});

test('problems of the config are the answer, and unknown names are refused', async () => {
  configure('[[jobs]]\nname = "web"\n');
  expect(await plan()).toMatchObject({ kind: 'answer', answer: { ok: false, changes: [], problems: [{}] } });
  configure(WEB);
  expect(await plan({ jobs: ['none'] })).toMatchObject({ kind: 'refusal', refusal: { code: 'no-such-job' } });
});

test('a job whose child lives runs on, and one whose child has gone would be started', async () => {
  configure(WEB);
  leaveRunning();
  expect(await plan()).toMatchObject({
    answer: { changes: [{ job: 'web', action: 'none', state: 'running', pid: child?.pid }] },
  });
  rmSync(data, { recursive: true });
  leaveRunning({ isGone: true });
  expect(await plan()).toMatchObject({ answer: { changes: [{ job: 'web', action: 'start', pid: null }] } });
});

test('a config without a file is a problem where jobs are known, unless that is meant', async () => {
  leaveRunning();
  expect(await plan()).toMatchObject({ answer: { ok: false, problems: [{ isFolder: true }] } });
  expect(await plan({ allowEmpty: true })).toMatchObject({
    answer: { ok: true, changes: [{ job: 'web', action: 'remove', state: 'running' }] },
  });
});

test('a journal that cannot be read is a refusal', async () => {
  configure(WEB);
  mkdirSync(dataFolder(data).journal, { recursive: true });
  expect(await plan()).toEqual({
    kind: 'refusal',
    refusal: { code: 'degraded', message: expect.stringMatching(/[^.]$/) },
  });
});
