import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { saidBy } from './said-by.mjs';

/** Each job takes five descriptors; every fork closes this many, one by one. */
const descriptors = (count) => (count > 150 ? 6 * count : 1_024);

const config = (session) => session.path('supervisord.conf');
const control = (session, ...words) => ['supervisorctl', '-c', config(session), ...words];

const program = (session, mode, { id, words }) => `[program:${id}]
command=${words.join(' ')}
stdout_logfile=${session.path('logs', `${id}.log`)}
${mode === 'log' ? 'stdout_logfile_maxbytes=0\n' : ''}`;

export default {
  name: 'supervisord',
  notes: 'defaults; `minfds` raised to 6 a job above 150 jobs, which it needs',
  most: 1_000,
  tickMs: 1_000,
  version: () => saidBy('supervisord', '--version'),
  prepare: (session) => session.folder('logs'),
  write(session, jobs, mode = 'plain') {
    const head = `[unix_http_server]
file=${session.path('socket')}
[supervisord]
logfile=${session.path('supervisord.log')}
pidfile=${session.path('pid')}
childlogdir=${session.path('logs')}
minfds=${descriptors(session.count)}
nodaemon=true
[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface
[supervisorctl]
serverurl=unix://${session.path('socket')}
`;
    writeFileSync(config(session), head + jobs.map((job) => program(session, mode, job)).join(''));
  },
  daemon: (session) => ['supervisord', '-n', '-c', config(session)],
  isUp: (session) => existsSync(session.path('socket')) && existsSync(session.path('pid')),
  processes: (session) => ({ daemon: Number(readFileSync(session.path('pid'), 'utf8')), helpers: [] }),
  status: (session) => control(session, 'status'),
  load: (session) => control(session, 'update'),
  trigger: (session) => control(session, 'update'),
  change: (session) => control(session, 'update'),
  stopAll: (session) => control(session, 'stop', 'all'),
  logs: (session, { id }) => [session.path('logs', `${id}.log`)],
};
