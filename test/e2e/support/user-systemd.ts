import { spawnSync } from 'node:child_process';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

const SYSTEMD = ['/usr/lib/systemd/systemd', '/lib/systemd/systemd'].find((path) => existsSync(path));

const MOUNTS = '/proc/self/mounts';

/** Where control groups of version 2 are mounted, if some are. */
const tree = (existsSync(MOUNTS) ? readFileSync(MOUNTS, 'utf8') : '')
  .split('\n')
  .map((line) => line.split(' '))
  .find(([, , kind]) => kind === 'cgroup2')?.[1];

/** Whether a systemd of one's own can be started here: that needs its program, root, and control groups. */
export const hasUserSystemd =
  SYSTEMD !== undefined && process.getuid?.() === 0 && tree !== undefined && isWritable(tree);

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Runs shell commands beside a `systemd --user` that has these units. It lives in namespaces of its own, with
 * a control group of its own as the root of what it sees, so that it can move and end nothing but its own.
 */
export function besideUserSystemd(home: string, units: string, commands: string): string {
  const group = mkdtempSync(join(tree ?? '', 'overseer-test-'));
  const inside = join(home, 'inside.sh');
  mkdirSync(join(home, 'systemd-config/systemd'), { recursive: true });
  writeFileSync(
    inside,
    `set -eu
[ "$(tail -1 /proc/self/cgroup)" = "0::/" ] || { echo "not in a group of its own" >&2; exit 1; }
mount -t tmpfs none /run
mkdir -p /run/systemd/system /run/user/0
umount -R -l /sys/fs/cgroup
mount -t cgroup2 none /sys/fs/cgroup
[ "$(wc -l < /sys/fs/cgroup/cgroup.procs)" -le 6 ] || { echo "this sees the groups of others" >&2; exit 1; }
export HOME=${home} XDG_RUNTIME_DIR=/run/user/0 XDG_CONFIG_HOME=${home}/systemd-config
ln -s ${units} ${home}/systemd-config/systemd/user
${SYSTEMD} --user --log-target=null --unit=basic.target >/dev/null 2>&1 &
for each in $(seq 100); do [ -S /run/user/0/systemd/private ] && break; sleep 0.05; done
${commands}
systemctl --user exit
wait
`,
  );
  const outside = `
echo $$ > ${group}/cgroup.procs
exec unshare --mount --pid --fork --kill-child --cgroup --mount-proc bash ${inside}`;
  const { status, stdout, stderr } = spawnSync('bash', ['-c', outside], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '' },
    timeout: 40_000,
    killSignal: 'SIGKILL',
  });
  spawnSync('find', [group, '-depth', '-type', 'd', '-exec', 'rmdir', '{}', ';']);
  if (status !== 0) throw new Error(`systemd --user: exit code ${status}: ${stderr}`);
  return stdout;
}
