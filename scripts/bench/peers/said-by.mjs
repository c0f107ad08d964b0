import { spawnSync } from 'node:child_process';

/** What a command prints; null if there is no such program or it fails. */
export function saidBy(program, ...args) {
  const { PATH, HOME } = process.env;
  const { status, stdout } = spawnSync(program, args, { encoding: 'utf8', env: { PATH, HOME } });
  return status === 0 ? stdout.trim() : null;
}

/** The version of a Debian package that puts this program on the PATH; null if it is not there. */
export function packaged(program, name) {
  const found = saidBy('sh', '-c', `command -v ${program}`);
  return found === null ? null : (saidBy('dpkg-query', '-W', '-f', '${Version}', name) ?? 'unknown version');
}
