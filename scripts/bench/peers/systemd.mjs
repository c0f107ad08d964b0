// `systemd --user` in namespaces and a control group of its own, so that it can move and end nothing but its
// own jobs. It answers only to processes that it can see, so its commands are timed in there.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { commandOf, eachProcess, wordsOf } from '../processes.mjs';
import { saidBy } from './said-by.mjs';

const SYSTEMD = ['/usr/lib/systemd/systemd', '/lib/systemd/systemd'].find((path) => existsSync(path));

const [, tree] =
  (existsSync('/proc/self/mounts') ? readFileSync('/proc/self/mounts', 'utf8') : '')
    .split('\n')
    .map((line) => line.split(' '))
    .find(([, , kind]) => kind === 'cgroup2') ?? [];

const group = (session) => join(tree, basename(session.dir));
const units = (session) => session.path('config', 'systemd', 'user');
const control = (...words) => ['systemctl', '--user', ...words];

const unit = (session, { id, words }) => `[Unit]
StartLimitIntervalSec=0
[Service]
ExecStart=${words.join(' ')}
Restart=always
RestartSec=0
StandardOutput=append:${session.path('logs', `${id}.log`)}
StandardError=inherit
`;

const INSIDE = `set -eu
[ "$(tail -1 /proc/self/cgroup)" = "0::/" ] || { echo "not in a group of its own" >&2; exit 1; }
mount -t tmpfs none /run
mkdir -p /run/systemd/system
umount -R -l /sys/fs/cgroup
mount -t cgroup2 none /sys/fs/cgroup
[ "$(wc -l < /sys/fs/cgroup/cgroup.procs)" -le 6 ] || { echo "this sees the groups of others" >&2; exit 1; }
${SYSTEMD} --user --log-target=null
`;

function daemonOf(session) {
  const [daemon] = eachProcess((pid) =>
    commandOf(pid) === 'systemd' &&
    wordsOf(pid).includes('--user') &&
    readFileSync(`/proc/${pid}/environ`, 'latin1').includes(`BENCH_SESSION=${session.dir}\0`)
      ? pid
      : undefined,
  );
  return daemon;
}

export default {
  name: 'systemd',
  notes:
    '`systemd --user` in namespaces of its own, without the journal: jobs write to files; `RestartSec=0`',
  most: 1_000,
  // Jobs write to their logs themselves here.
  noLog: true,
  version() {
    const canStart = SYSTEMD !== undefined && tree !== undefined && process.getuid() === 0;
    return canStart ? (saidBy('systemctl', '--version')?.split('\n')[0] ?? null) : null;
  },
  env: (session) => ({ XDG_RUNTIME_DIR: session.path('run'), XDG_CONFIG_HOME: session.path('config') }),
  prepare(session) {
    session.folder('run');
    session.folder('logs');
    mkdirSync(units(session), { recursive: true });
    mkdirSync(group(session));
    writeFileSync(session.path('inside.sh'), INSIDE);
    symlinkSync('bench.target', join(units(session), 'default.target'));
  },
  write(session, jobs, _mode = 'plain', changed = jobs) {
    for (const job of changed) writeFileSync(join(units(session), `${job.id}.service`), unit(session, job));
    const wants = jobs.map(({ id }) => `Wants=${id}.service\n`).join('');
    writeFileSync(join(units(session), 'bench.target'), `[Unit]\nDescription=bench\n${wants}`);
  },
  daemon: (session) => [
    'bash',
    '-c',
    `echo $$ > ${group(session)}/cgroup.procs
exec unshare --mount --pid --fork --kill-child --cgroup --mount-proc bash ${session.path('inside.sh')}`,
  ],
  isUp: (session) => existsSync(session.path('run', 'systemd', 'private')),
  processes: (session) => ({ daemon: daemonOf(session), helpers: [] }),
  inside: (session) => ['nsenter', '-t', String(daemonOf(session)), '-m', '-p'],
  status: () => control('--no-pager', '--plain', 'list-units', 'job*.service'),
  load: () => [
    'sh',
    '-c',
    'systemctl --user daemon-reload && systemctl --user start --no-block bench.target',
  ],
  trigger: () => control('daemon-reload'),
  change: (_session, { id }) => [
    'sh',
    '-c',
    `systemctl --user daemon-reload && systemctl --user restart ${id}`,
  ],
  stopAll: () => control('stop', 'job*.service'),
  tidy(session) {
    spawnSync('find', [group(session), '-depth', '-type', 'd', '-exec', 'rmdir', '{}', ';']);
    rmSync(units(session), { recursive: true, force: true });
  },
};
