/** The variables of the daemon's own environment that every job gets. */
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

/**
 * The part of the daemon's environment that jobs see: nothing leaks in from the terminal that happened to
 * start it.
 */
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
 * The environment that a launched daemon gets: the variables for its jobs, overseer's own variables, and
 * those that this Node may need to start. So no terminal opens a debugger in the daemon, loads code into it
 * or makes it write files.
 */
export function daemonEnvironment(all: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const own = Object.entries(all).flatMap(([name, value]) =>
    value !== undefined && (name.startsWith('OVERSEER_') || LIBRARIES.has(name))
      ? [[name, value] as const]
      : [],
  );
  return { ...baseEnvironment(all), ...Object.fromEntries(own), ...MEMORY };
}

/**
 * As in `bin/overseerd`: the GNU C library gives each thread a heap of its own, and keeps what is free in it.
 */
const MEMORY = { MALLOC_ARENA_MAX: '1' } as const;

/** The search paths for shared libraries. */
const LIBRARIES: ReadonlySet<string> = new Set([
  'LD_LIBRARY_PATH',
  'DYLD_LIBRARY_PATH',
  'DYLD_FALLBACK_LIBRARY_PATH',
]);
