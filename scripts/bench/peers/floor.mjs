// Not a process manager, but the least that one written for Node would do: its commands are `node -e 0`, its
// daemon is the loop of `bare-loop.mjs`, and its log is `>>`.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const LOOP = fileURLToPath(new URL('../bare-loop.mjs', import.meta.url));
const NOTHING = () => [process.execPath, '-e', '0'];

const tell = (signal) => (session) => ['sh', '-c', `kill -${signal} $(cat ${session.path('pid')})`];

export default {
  name: 'floor',
  notes: '`node -e 0`, a bare loop of the same spawns, `>>`',
  most: Infinity,
  hasNoConfig: true,
  readsProcesses: true,
  version: () => process.version,
  write: (session, jobs) => writeFileSync(session.path('jobs.json'), JSON.stringify(jobs)),
  daemon: (session) => [process.execPath, LOOP, 'jobs', session.dir],
  isUp: (session) => Number(readFileSync(session.path('pid'), 'utf8')) > 0,
  processes: (session) => ({ daemon: Number(readFileSync(session.path('pid'), 'utf8')), helpers: [] }),
  status: NOTHING,
  load: tell('USR2'),
  trigger: NOTHING,
  change: NOTHING,
  stopAll: tell('TERM'),
  runTests: ({ count }) => [process.execPath, LOOP, 'tests', String(count)],
};
