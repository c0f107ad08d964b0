/** Exit codes of `overseerd`, as in sysexits.h where there is one. */
export const EXIT = { ok: 0, failed: 1, usage: 64, bug: 70, config: 78 } as const;

/** The options that the help shows. */
export const OPTIONS = {
  apply: 'read the config and start its jobs at once, as `overseer` would',
  autostart: 'as --apply, but take over from a daemon that runs; for `overseer autostart`',
  version: 'print the version',
  help: 'print this help',
} as const;

const lines = Object.entries(OPTIONS).map(([name, about]) => `  --${name.padEnd(9)} ${about}`);

export const HELP = `Usage: overseerd [--apply | --autostart]

The daemon of overseer, in the foreground. \`overseer\` starts it by itself when
none runs, and \`overseer autostart\` at login; use this one in a container.

${lines.join('\n')}

SIGTERM and SIGINT stop every job and end the daemon, as \`overseer die\` does.
`;
