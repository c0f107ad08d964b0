/** What a job gets from the daemon's own environment, and nothing else. */
const BASE_NAMES = new Set([
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'PATH',
  'LANG',
  'TZ',
  'TMPDIR',
  'SSH_AUTH_SOCK',
  'OVERSEER_CONFIG',
  'OVERSEER_DATA',
]);
const BASE_PREFIXES = ['LC_', 'XDG_'];

/** The part of the daemon's environment that jobs see: nothing leaks in from the terminal that happened to start it. */
export function baseEnvironment(all: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const base: Record<string, string> = {};
  for (const [name, value] of Object.entries(all)) {
    if (
      value !== undefined &&
      (BASE_NAMES.has(name) || BASE_PREFIXES.some((prefix) => name.startsWith(prefix)))
    )
      base[name] = value;
  }
  return base;
}
