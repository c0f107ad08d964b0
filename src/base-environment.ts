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
  'DISPLAY',
  'WAYLAND_DISPLAY',
  'DBUS_SESSION_BUS_ADDRESS',
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

/**
 * What the daemon gets from the client that launches it: what its jobs are to get, overseer's own variables, and what this Node
 * may have needed to begin. So no terminal opens a debugger in it, loads code into it or has it write files.
 */
export function daemonEnvironment(all: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const own = Object.entries(all).flatMap(([name, value]) =>
    value !== undefined && (name.startsWith('OVERSEER_') || LIBRARIES.has(name))
      ? [[name, value] as const]
      : [],
  );
  return { ...baseEnvironment(all), ...Object.fromEntries(own) };
}

/** Where the system looks for the libraries of a program. */
const LIBRARIES: ReadonlySet<string> = new Set([
  'LD_LIBRARY_PATH',
  'DYLD_LIBRARY_PATH',
  'DYLD_FALLBACK_LIBRARY_PATH',
]);
