// overseer as a user gets it: default keys, so each job has a `cat` between it and its log.
import { readFileSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { overseer as command, overseerd } from '../../home.mjs';
import { commandOf, eachProcess } from '../processes.mjs';
import { saidBy } from './said-by.mjs';

const data = (session) => session.path('data', 'overseer');
const configOf = (session) => session.path('config', 'overseer', 'jobs.toml');
const daemonOf = (session) => JSON.parse(readFileSync(join(data(session), 'socket'), 'utf8')).pid;

const table = (extra, { id, words: [exe, ...args] }) => `[[jobs]]
name = "${id}"
job_command = { exe = ${JSON.stringify(exe)}, args = ${JSON.stringify(args)} }
${extra}`;

const writeJobs = (session, jobs, extra) =>
  writeFileSync(configOf(session), jobs.map((job) => table(extra, job)).join('\n'));

const EXTRA = {
  plain: '',
  log: 'log = { rotate = "off" }\n',
  test: 'test_command = { exe = "/bin/false", args = [] }\n',
};

export const overseer = {
  name: 'overseer',
  notes: 'defaults; a `cat` for each job carries its output into its log',
  most: Infinity,
  readsProcesses: true,
  // After half a minute a job counts as stable, for which the daemon wakes up once.
  calmMs: 31_000,
  version: () => saidBy(command, '--version'),
  env: (session) => ({
    XDG_CONFIG_HOME: session.path('config'),
    XDG_DATA_HOME: session.path('data'),
  }),
  prepare(session) {
    session.folder('config', 'overseer');
    session.folder('data', 'overseer');
  },
  write: (session, jobs, mode = 'plain') => writeJobs(session, jobs, EXTRA[mode]),
  daemon: () => [overseerd, '--apply'],
  isUp: (session) => daemonOf(session) > 0,
  processes(session) {
    const daemon = daemonOf(session);
    const logs = join(data(session), 'logs');
    const helpers = eachProcess((pid) =>
      commandOf(pid) === 'cat' && readlinkSync(`/proc/${pid}/fd/1`).startsWith(logs) ? pid : undefined,
    );
    return { daemon, helpers };
  },
  status: () => [command, 'status'],
  load: () => [command],
  trigger: () => [command],
  change: () => [command],
  stopAll: () => [command, 'stop', '--all'],
  logs: (session, { id }) =>
    readdirSync(join(data(session), 'logs'))
      .filter((name) => name.startsWith(`${id}.log`))
      .map((name) => join(data(session), 'logs', name)),
};

/** Measures what the `cat` between a job and its log costs. */
export const overseerFile = {
  ...overseer,
  name: 'overseer-file',
  notes: '`log.outputs = "file"`: jobs write to their logs themselves',
  isVariant: true,
  least: 1_000,
  most: 1_000,
  // In the table of each job: its `log` replaces that of [defaults] as a whole.
  write: (session, jobs) => writeJobs(session, jobs, 'log = { outputs = "file", rotate = "off" }\n'),
};
