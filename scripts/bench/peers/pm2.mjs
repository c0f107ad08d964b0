import { readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from '../processes.mjs';
import { saidBy } from './said-by.mjs';

/** `PM2_BIN` names it if it is not on the PATH. */
const pm2 = process.env.PM2_BIN ?? 'pm2';

const home = (session) => session.path('home');
const config = (session) => session.path('bench.config.json');
const daemonOf = (session) => Number(readFileSync(session.path('home', 'pm2.pid'), 'utf8'));

/** Read from its package: every command of pm2 starts a daemon in the home of the current user. */
function versionOf() {
  const found = saidBy('sh', '-c', `command -v ${pm2}`);
  if (found === null) return null;
  return JSON.parse(readFileSync(join(realpathSync(found), '..', '..', 'package.json'), 'utf8')).version;
}

export default {
  name: 'pm2',
  notes: 'fork mode, no interpreter',
  // Starting 1,000 takes it minutes.
  most: 100,
  version: versionOf,
  env: (session) => ({ PM2_HOME: home(session), PM2_DISCRETE_MODE: 'true' }),
  prepare: (session) => session.folder('home'),
  write(session, jobs) {
    const apps = jobs.map(({ id, words: [exe, ...args] }) => ({
      name: id,
      script: exe,
      args,
      interpreter: 'none',
      exec_mode: 'fork',
    }));
    writeFileSync(config(session), JSON.stringify({ apps }));
  },
  // Any command starts the daemon.
  begin: (session) => session.time([pm2, 'ping']),
  isUp: (session) => isAlive(daemonOf(session)),
  processes: (session) => ({ daemon: daemonOf(session), helpers: [] }),
  status: () => [pm2, 'ls'],
  load: (session) => [pm2, 'start', config(session)],
  trigger: (session) => [pm2, 'startOrReload', config(session)],
  change: (session, { id }) => [pm2, 'startOrReload', config(session), '--only', id],
  stopAll: () => [pm2, 'stop', 'all'],
  logs: (session, { id }) => [session.path('home', 'logs', `${id}-out.log`)],
};
