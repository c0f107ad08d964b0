// What overseer's promises cost at least with Node: a gated shell and a `cat` for each job, records, and a
// client that asks. See least/daemon.mjs.
import { readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { commandOf, eachProcess } from '../processes.mjs';

const at = (name) => fileURLToPath(new URL(`../least/${name}`, import.meta.url));
const ask = (request) => (session) => [process.execPath, at('client.cjs'), session.dir, request];
const daemonOf = (session) => Number(readFileSync(session.path('socket'), 'utf8').split(' ')[0]);

export default {
  name: 'least',
  notes:
    'the least that keeps the promises with Node: a gated shell, a pipe and a `cat` for each job, records',
  isVariant: true,
  most: Infinity,
  readsProcesses: true,
  version: () => process.version,
  write: (session, jobs, mode = 'plain') =>
    writeFileSync(
      session.path('jobs.json'),
      JSON.stringify(mode === 'test' ? jobs.map((job) => ({ ...job, test: ['/bin/false'] })) : jobs),
    ),
  daemon: (session) => [process.execPath, at('daemon.mjs'), session.dir],
  isUp: (session) => daemonOf(session) > 0,
  processes: (session) => ({
    daemon: daemonOf(session),
    helpers: eachProcess((pid) =>
      commandOf(pid) === 'cat' && readlinkSync(`/proc/${pid}/fd/1`).startsWith(session.dir) ? pid : undefined,
    ),
  }),
  status: ask('status'),
  load: ask('apply'),
  trigger: ask('apply'),
  change: ask('apply'),
  stopAll: ask('stop'),
  logs: (session, { id }) => [session.path(`${id}.log`)],
};
