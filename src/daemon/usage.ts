/** Exit codes of `overseerd`, as in sysexits.h where there is one. */
export const EXIT = { ok: 0, failed: 1, usage: 64, bug: 70, config: 78 } as const;

/** The options that are for people. */
export const OPTIONS = {
  apply: 'read the config and start its jobs at once, as `overseer` would',
  version: 'print the version',
  help: 'print this help',
} as const;

const lines = Object.entries(OPTIONS).map(([name, about]) => `  --${name.padEnd(9)} ${about}`);

export const HELP = `Usage: overseerd [--apply]

The daemon of overseer, in the foreground. \`overseer\` starts it by itself when
none runs; use this one under launchd, systemd or in a container.

${lines.join('\n')}

SIGTERM and SIGINT stop every job and end the daemon, as \`overseer die\` does.
`;
