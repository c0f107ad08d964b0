import { marked, type Entry } from '../entry.ts';

/**
 * The entry as a systemd user unit. KillMode=process and OOMPolicy=continue: jobs are of the same control
 * group, and neither a crash of the daemon nor the out-of-memory killer's choice of one job may end the
 * others. TimeoutStopSec is as long as user@.service itself is given.
 */
export function unitText(entry: Entry): string {
  const variables = Object.entries({ ...entry.variables, PATH: entry.path });
  return marked(
    entry,
    `# Written by \`overseer autostart enable\`. Once it is edited, overseer leaves it alone.
# @MARK@
[Unit]
Description=overseer, which keeps your jobs running

[Service]
ExecStart=${quoted(entry.program).replaceAll('$', () => '$$')} --autostart
${variables.map(([name, value]) => `Environment=${quoted(`${name}=${value}`)}\n`).join('')}KillMode=process
OOMPolicy=continue
TasksMax=infinity
TimeoutStopSec=120
Restart=on-failure
RestartSec=1

[Install]
WantedBy=default.target
`,
  );
}

/** One word of a unit: `%` begins a specifier, a backslash an escape. */
const quoted = (word: string): string =>
  `"${word.replace(/[\\"]/g, (sign) => `\\${sign}`).replaceAll('%', '%%')}"`;
