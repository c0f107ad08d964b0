import { marked, type Entry } from '../entry.ts';

const variableLines = ([name, value]: readonly [string, string]): string =>
  `    <key>${escaped(name)}</key>\n    <string>${escaped(value)}</string>\n`;

/**
 * The entry as a launchd agent. Without ExitTimeOut launchd kills the daemon 20 s after it has asked it to
 * stop its jobs; without ProcessType Interactive every job is throttled, for the type is inherited; with a
 * KeepAlive of true the daemon would come back from `overseer die`.
 */
export function agentText(
  entry: Entry,
  { label, log }: { readonly label: string; readonly log: string },
): string {
  const variables = Object.entries({ ...entry.variables, PATH: entry.path });
  return marked(
    entry,
    `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<!-- Written by \`overseer autostart enable\`. Once it is edited, overseer leaves it alone. -->
<!-- @MARK@ -->
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>${escaped(label)}</string>
  <key>ProgramArguments</key>
  <array>
    <string>${escaped(entry.program)}</string>
    <string>--autostart</string>
  </array>
  <key>EnvironmentVariables</key>
  <dict>
${variables.map(variableLines).join('')}  </dict>
  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <dict>
    <key>SuccessfulExit</key>
    <false/>
  </dict>
  <key>ProcessType</key>
  <string>Interactive</string>
  <key>ExitTimeOut</key>
  <integer>120</integer>
  <key>AbandonProcessGroup</key>
  <true/>
  <key>StandardOutPath</key>
  <string>${escaped(log)}</string>
  <key>StandardErrorPath</key>
  <string>${escaped(log)}</string>
</dict>
</plist>
`,
  );
}

const SIGNS: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const escaped = (text: string): string => text.replace(/[&<>]/g, (sign) => SIGNS[sign] ?? sign);
