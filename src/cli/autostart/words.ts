import { printable } from '../../text/printable.ts';
import type { Done } from './enable.ts';
import type { Facts } from './look.ts';
import type { Mended } from './mend.ts';
import type { EntryPlace } from './place.ts';
import type { Note, Trouble } from './troubles.ts';

type Enabled = Done & { readonly ok: true };

/** What `enable` has done. */
export function enabledText({ changed, facts }: Enabled): string {
  const { place, pid } = facts;
  const first = changed ? `enabled: wrote ${place?.file}` : `already enabled by ${place?.file}`;
  const runs =
    pid === null ? '' : `${place?.manager} runs the daemon (pid ${pid}), now and after each login\n`;
  return `${printable(first)}\n${runs}${entryLines(facts)}${remarks(facts)}`;
}

export function disabledText({ changed, facts }: Enabled): string {
  const { place } = facts;
  if (!changed) return 'nothing to disable: overseer does not start at login\n';
  return `disabled: removed ${printable(place?.file ?? '')}\nA daemon that runs, and its jobs, run on.\n`;
}

/** What `status` says, from whether it would work down to the details. */
export function statusText(facts: Facts): string {
  const { place, isEnabled, troubles, pid } = facts;
  const verdict = !isEnabled
    ? 'disabled: overseer does not start at login'
    : troubles.length > 0
      ? 'enabled, but it would not work'
      : 'enabled: overseer starts at login';
  const running = isEnabled
    ? `  daemon   ${pid === null ? 'not running' : `pid ${pid}, run by ${place?.manager}`}\n`
    : '';
  return `${verdict}\n${entryLines(facts)}${running}${remarks(facts)}`;
}

function entryLines({ place, found }: Facts): string {
  if (found.kind !== 'ours' && found.kind !== 'edited') return '';
  const { program, path, variables } = found.entry;
  const edited = found.kind === 'edited' ? ' (edited since overseer wrote it)' : '';
  const rows = [
    ['entry', `${place?.file}${edited}`],
    ['program', program],
    ['PATH', path],
    ...Object.entries(variables).map(([name, value]) => ['', `${name}=${value}`]),
  ];
  return rows.map(([name = '', value = '']) => `  ${name.padEnd(8)} ${printable(value)}\n`).join('');
}

function remarks({ place, troubles, notes }: Facts): string {
  const lines = [
    ...troubles.filter(({ code }) => code !== 'missing').map((each) => troubleText(each, place)),
    ...notes.map((each) => noteText(each, place)),
  ];
  return lines.map((line) => `- ${printable(line)}\n`).join('');
}

/** What is wrong, and the cure. */
export function troubleText(trouble: Trouble, place: EntryPlace | null): string {
  const file = place?.file ?? '';
  const name = place?.name ?? '';
  switch (trouble.code) {
    case 'unsupported':
      return (
        `overseer knows no way to start at login on ${trouble.platform}; have \`overseerd ` +
        `--autostart\` run there as you start other programs`
      );
    case 'foreign':
      return (
        `${file} was not written by overseer, so it is left as it is: move it ` +
        `away${place?.manager === 'launchd' ? `, after \`launchctl bootout gui/$(id -u)/${name}\`` : ''}, ` +
        'then enable again'
      );
    case 'edited':
      return (
        `${file} was edited since overseer wrote it, so it is left as it is: remove it, then say ` +
        `\`overseer autostart enable\` to have it written anew`
      );
    case 'missing':
      return `there is no ${file}`;
    case 'unwritable':
      return trouble.detail;
    case 'program-gone':
      return `${trouble.program} is not there any more: \`overseer autostart enable\` writes the entry anew`;
    case 'no-node':
      return (
        `there is no \`node\` in the PATH of the entry, ${trouble.path}: add the folder of ` +
        `${trouble.node} by --path`
      );
    case 'program-fails':
      return `overseerd does not run in the environment of the entry: ${trouble.detail}`;
    case 'odd-path':
      return `every folder of PATH must be absolute, and "${trouble.part}" is not`;
    case 'cannot-be-written':
      return `${trouble.name} holds a control character, which neither launchd nor systemd can be told`;
    case 'no-tool':
      return trouble.tool === 'systemctl'
        ? 'there is no systemd here (no systemctl): have `overseerd --autostart` run as you start ' +
            'other programs at login, such as by `@reboot` in a crontab'
        : `there is no ${trouble.tool} in your PATH`;
    case 'unreachable':
      return (
        `your own systemd cannot be reached (${trouble.detail}): it runs for those who have logged ` +
        `in, not after su or sudo; try \`machinectl shell ${'$'}USER@\`, or set ` +
        'XDG_RUNTIME_DIR=/run/user/$(id -u)'
      );
    case 'switched-off':
      return place?.manager === 'launchd'
        ? 'it is switched off in System Settings, under General, Login Items & Extensions: switch ' +
            `it on there, or say \`launchctl enable gui/$(id -u)/${name}\`, then \`overseer autostart ` +
            `enable\``
        : `${name} is not enabled: say \`overseer autostart enable\``;
    case 'masked':
      return `${name} is masked: say \`systemctl --user unmask ${name}\`, then enable again`;
    case 'not-loaded':
      return (
        `systemd does not know ${file}: say \`systemctl --user daemon-reload\`; if that does not ` +
        'help, its XDG_CONFIG_HOME is another one than that of this shell'
      );
    case 'other-file':
      return `${place?.manager} has taken ${name} from ${trouble.file}, not from ${file}: move that away`;
    case 'refused':
      return `${trouble.step} failed: ${trouble.detail}${cureOf(trouble.detail, place)}`;
    default:
      return trouble satisfies never;
  }
}

/** launchd says the same of very different things. */
function cureOf(detail: string, place: EntryPlace | null): string {
  if (place?.manager !== 'launchd') return `; \`systemctl --user status ${place?.name}\` tells more`;
  const label = place.name;
  if (!/^Bootstrap failed: 5\b/.test(detail)) return `; \`launchctl print gui/$(id -u)/${label}\` tells more`;
  return (
    `. launchd says so where the same label is loaded already (\`launchctl bootout gui/$(id ` +
    `-u)/${label}\`), where it is switched off in System Settings (Login Items & Extensions; ` +
    `\`launchctl enable gui/$(id -u)/${label}\`), and where nobody is logged in at the screen, as ` +
    'over ssh. The entry is written and counts from the next login'
  );
}

function noteText(note: Note, place: EntryPlace | null): string {
  switch (note.code) {
    case 'no-linger':
      return (
        'your systemd begins with your first login and ends with your last logout, and so do your ' +
        `jobs; \`loginctl enable-linger ${note.user}\` has it begin at boot and stay`
      );
    case 'other-daemon':
      return (
        `a daemon runs (pid ${note.pid}) that ${place?.manager} has not started; \`overseer ` +
        `autostart enable\` has its jobs taken over, and so does the next login`
      );
    case 'other-version':
      return `the entry runs overseer ${note.version}, which is another version than this one`;
    case 'protected-folder':
      return (
        `overseer or its node lies in ${note.folder}, which macOS keeps from what is started at ` +
        'login: install it elsewhere, or give node Full Disk Access'
      );
    case 'temporary':
      return (
        `${note.program} is of npx and will be removed some day: \`npm install --global overseer\`, ` +
        'then enable again'
      );
    case 'nobody-at-the-screen':
      return 'nobody is logged in at the screen of this Mac, so launchd starts it at the next login there';
    case 'not-serving':
      return note.pid === null
        ? `${place?.manager} was asked to start it, but no daemon answers yet; ${logOf(place)} says why`
        : `the daemon that ${place?.manager} runs (pid ${note.pid}) does not answer; ` +
            `${logOf(place)} says why`;
    default:
      return note satisfies never;
  }
}

/** What a trigger says that has found programs elsewhere than the entry has them. */
export function mendedText(mended: Mended): string {
  const { place, was } = mended;
  if (!mended.ok)
    return (
      'the entry that starts overseer at login does not work any more: ' +
      `${printable(troubleText(mended.trouble, place))}`
    );
  const { is } = mended;
  const moves = [
    ...(was.program === is.program ? [] : [`overseer is now ${is.program}`]),
    ...(was.path === is.path ? [] : [`node is now ${is.seen.node}`]),
  ];
  return printable(`${moves.join(', ')}: mended ${place.file}, so that overseer starts at login as before`);
}

/** The facts as `--json` prints them. */
export function factsJson({ place, found, isEnabled, troubles, notes, pid }: Facts): unknown {
  const entry = found.kind === 'ours' || found.kind === 'edited' ? found.entry : null;
  const worded = <Each extends Trouble | Note>(each: Each, text: string): unknown => ({
    code: each.code,
    message: text,
  });
  return {
    enabled: isEnabled,
    works: isEnabled && troubles.length === 0,
    manager: place?.manager ?? null,
    file: place?.file ?? null,
    entry: found.kind,
    program: entry?.program ?? null,
    path: entry?.path ?? null,
    variables: entry?.variables ?? {},
    pid,
    problems: troubles.map((each) => worded(each, troubleText(each, place))),
    notes: notes.map((each) => worded(each, noteText(each, place))),
  };
}

/** Where to read the last messages of a daemon that the service manager started. */
const logOf = (place: EntryPlace | null): string =>
  place?.manager === 'launchd'
    ? `~/Library/Logs/${place.name}.log`
    : `\`journalctl --user -u ${place?.name}\``;
