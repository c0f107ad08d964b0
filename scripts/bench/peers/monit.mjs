// Monit is no parent of its jobs: a script of ours starts each in the background and writes its pid file.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { saidBy } from './said-by.mjs';

const config = (session) => session.path('monitrc');
const control = (session, ...words) => ['monit', '-c', config(session), ...words];

function script(session, { id, words }) {
  const [log, pid] = [session.path('logs', id), session.path('pids', id)];
  return `#!/bin/sh
case $1 in
  start) setsid ${words.join(' ')} >>${log} 2>&1 </dev/null & echo $! >${pid};;
  stop) kill $(cat ${pid});;
esac
`;
}

const check = (session, { id }) => `check process ${id} with pidfile ${session.path('pids', id)}
  start program = "${session.path('scripts', id)} start"
  stop program = "${session.path('scripts', id)} stop"
`;

export default {
  name: 'monit',
  notes: 'looks every second, the least it allows; Debian sets 120 s',
  // It starts about four jobs a second.
  most: 10,
  tickMs: 1_000,
  // While it reads its config anew it loses what it is asked.
  restMs: 3_000,
  noLog: true,
  version: () => saidBy('monit', '--version')?.match(/[\d.]+/)[0] ?? null,
  prepare(session) {
    for (const name of ['logs', 'pids', 'scripts']) session.folder(name);
  },
  write(session, jobs, _mode = 'plain', changed = jobs) {
    for (const job of changed)
      writeFileSync(session.path('scripts', job.id), script(session, job), { mode: 0o755 });
    const head = `set daemon 1
set pidfile ${session.path('pid')}
set idfile ${session.path('id')}
set statefile ${session.path('state')}
set logfile ${session.path('log')}
set httpd unixsocket ${session.path('socket')} allow u:p
`;
    writeFileSync(config(session), head + jobs.map((job) => check(session, job)).join(''), { mode: 0o600 });
  },
  daemon: (session) => control(session, '-I'),
  isUp: (session) => existsSync(session.path('socket')) && existsSync(session.path('pid')),
  processes: (session) => ({ daemon: Number(readFileSync(session.path('pid'), 'utf8')), helpers: [] }),
  status: (session) => control(session, 'summary'),
  load: (session) => control(session, 'reload'),
  trigger: (session) => control(session, 'reload'),
  change: (session, { id }) => control(session, 'restart', id),
  stopAll: (session) => control(session, 'stop', 'all'),
};
