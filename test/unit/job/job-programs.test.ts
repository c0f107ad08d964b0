import { mkdirSync, readFileSync, symlinkSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Job } from '../../../src/config/config.ts';
import { logProbes } from '../../../src/job/checks/log-probes.ts';
import { JobPrograms } from '../../../src/job/job-programs.ts';
import { openOutputs } from '../../../src/job/logs/open-outputs.ts';
import { LEAST_JOB } from '../../support/least-job.ts';
import { newFolder } from '../../support/new-folder.ts';

const programs = (job: Partial<Job> = {}, number: string | null = null): JobPrograms =>
  new JobPrograms({
    job: () => ({ ...LEAST_JOB, ...job }),
    number,
    baseEnvironment: { HOME: '/home/me', PATH: '/bin' },
    folderId: 'f',
    log: '/logs/web.log',
  });

const OWN = { HOME: '/home/me', PATH: '/bin', OVERSEER_JOB: 'web', OVERSEER_ID: 'f' };

test('a job, its test and its hook have one working directory, and are marked differently', () => {
  const web = programs({ env: { A: '1' } }, '2');
  const { env, ...main } = web.main();
  expect(main).toEqual({ exe: 'node', args: [], cwd: '/home/me' });
  expect(env).toMatchObject({
    HOME: '/home/me',
    PATH: '/bin',
    A: '1',
    OVERSEER_JOB: 'web',
    OVERSEER_INSTANCE: '2',
  });
  const check = { exe: 'check', args: ['x'] };
  const test = web.test(check);
  expect(test).toMatchObject({ ...check, cwd: '/home/me' });
  const differs = Object.keys(test.env).filter((name) => test.env[name] !== env[name]);
  expect(differs.length).toBe(2);
  const hook = { state: 'failed' as const, from: 'running', detail: 'why', exitCode: 3, exitSignal: null };
  expect(web.hook(check, hook).env).toEqual({
    ...test.env,
    OVERSEER_STATE: 'failed',
    OVERSEER_FROM: 'running',
    OVERSEER_DETAIL: 'why',
    OVERSEER_EXIT_CODE: '3',
    OVERSEER_EXIT_SIGNAL: '',
  });
  expect(web.hook(check, { ...hook, exitCode: null, exitSignal: 'SIGHUP' }).env).toMatchObject({
    OVERSEER_EXIT_CODE: '',
    OVERSEER_EXIT_SIGNAL: 'SIGHUP',
  });
});

test('the marker of an instance says what its processes have, and what they lack', () => {
  expect(programs().marker()).toMatchObject({
    present: { OVERSEER_JOB: OWN.OVERSEER_JOB },
    absent: expect.arrayContaining(['OVERSEER_INSTANCE']),
    log: '/logs/web.log',
  });
  expect(programs({}, '1').environmentMarker()).not.toHaveProperty('log');
  expect(programs({}, '1').environmentMarker().absent).toEqual([]);
});

test('a probe has the variables of its job, and one without variables is as it was written', () => {
  const tcp = { kind: 'tcp', host: '', port: 1, intervalMs: 1, timeoutMs: 1, withinMs: 1 } as const;
  const ready = { ...tcp, written: 'localhost:${PORT}' } as never;
  expect(programs({ ready, env: { PORT: '80' } }).ready()).toMatchObject({ host: 'localhost', port: 80 });
  expect(programs({ ready }).ready()).toBe(ready);
  expect(programs({ ready: tcp }).ready()).toBe(tcp);
  expect(programs().ready()).toBeNull();
  const alive = { ...tcp, failures: 3, written: 'localhost:${PORT}' } as never;
  expect(programs({ alive, env: { PORT: '80' } }).alive()).toMatchObject({ host: 'localhost', port: 80 });
  expect([programs({ alive }).alive(), programs().alive()]).toEqual([alive, null]);
});

test('the log of a job is read from where it is asked for, and of a missing one nothing is', () => {
  const path = join(newFolder(), 'web.log');
  const { logSize, logId, logKind, readLog } = logProbes();
  expect([logSize(path), logId(path), logKind(path), readLog(path, 0, 10)]).toEqual([0, '', null, null]);
  writeFileSync(path, 'one\ntwo\n');
  expect([logSize(path), logKind(path), Buffer.from(readLog(path, 4, 3) ?? []).toString()]).toEqual([
    8,
    'file',
    'two',
  ]);
  expect(logId(path)).toMatch(/^\d+ [\d.]+$/);
  expect(readLog(path, 100, 10)).toHaveLength(0);
  const [file, folder, link] = [`${path}/x`, join(newFolder(), 'logs'), join(newFolder(), 'link')];
  mkdirSync(folder);
  symlinkSync('/dev/null', link);
  expect([logSize(file), readLog(folder, 0, 10), logKind(folder)]).toEqual([null, null, 'folder']);
});

test('the output of a run is its log, which is rotated before it where that is due', () => {
  const path = join(newFolder(), 'logs', 'web.log');
  const write = (rotate: 'pause' | 'off', text: string): void => {
    const output = openOutputs({ path, policy: { maxBytes: 3, keep: 2, rotate, outputs: 'pipe' } }, null);
    writeSync(output.fd, text);
    output.startWriter();
    output.close();
  };
  write('pause', 'abc');
  write('pause', 'd');
  expect(readFileSync(path, 'utf8')).toBe('abcd');
  write('off', 'e');
  expect(readFileSync(path, 'utf8')).toBe('abcde');
  write('pause', 'new');
  expect([readFileSync(path, 'utf8'), readFileSync(`${path}.1`, 'utf8')]).toEqual(['new', 'abcde']);
});
