import type { EntryPlace } from '../place.ts';
import type { KnownEntry, ServiceManager } from './service-manager.ts';
import { unitText } from './systemd-unit.ts';
import type { Run, ToolRun } from '../tools.ts';
import type { Note, Trouble } from '../troubles.ts';

const PROPERTIES = ['LoadState', 'UnitFileState', 'MainPID', 'FragmentPath'];

/** The user's own systemd, through `systemctl --user`. */
export function systemd({ name, file }: EntryPlace, run: Run, user: string): ServiceManager {
  const systemctl = (...words: readonly string[]): ToolRun => run('systemctl', ['--user', ...words]);
  const done = (...words: readonly string[]): Trouble | null => {
    const result = systemctl(...words);
    return result.code === 0 ? null : refusal(`systemctl --user ${words.join(' ')}`, result);
  };
  const reach = (): Trouble | null => {
    const result = systemctl('show', '--property=Version');
    if (result.code === 0) return null;
    return result.isMissing
      ? { code: 'no-tool', tool: 'systemctl' }
      : { code: 'unreachable', detail: firstLine(result) };
  };
  return {
    textOf: unitText,
    reach,
    canLoadNow: () => true,
    look: () =>
      looked({ file, user, run, shown: systemctl('show', name, `--property=${PROPERTIES.join(',')}`) }),
    load: async () => done('daemon-reload') ?? done('enable', name) ?? done('start', name),
    reread: () => done('daemon-reload'),
    rereadsByLoading: false,
    forget: () => done('disable', name),
  };
}

interface Look {
  readonly file: string;
  readonly user: string;
  readonly run: Run;
  readonly shown: ToolRun;
}

function looked({ file, user, run, shown }: Look): KnownEntry {
  if (shown.code !== 0)
    return {
      troubles: [
        shown.isMissing
          ? { code: 'no-tool', tool: 'systemctl' }
          : { code: 'unreachable', detail: firstLine(shown) },
      ],
      notes: [],
      pid: null,
    };
  const facts = new Map(
    shown.stdout.split('\n').map((line) => {
      const at = line.indexOf('=');
      return [line.slice(0, at), line.slice(at + 1)] as const;
    }),
  );
  const pid = Number(facts.get('MainPID') ?? 0);
  return {
    troubles: troublesIn(facts, file),
    notes: [...lingering(user, run)],
    pid: pid === 0 ? null : pid,
  };
}

function troublesIn(facts: ReadonlyMap<string, string>, file: string): readonly Trouble[] {
  const from = facts.get('FragmentPath') ?? '';
  if (facts.get('LoadState') === 'masked' || facts.get('UnitFileState') === 'masked')
    return [{ code: 'masked' }];
  if (facts.get('LoadState') === 'not-found' || from === '') return [{ code: 'not-loaded' }];
  if (from !== file) return [{ code: 'other-file', file: from }];
  return facts.get('UnitFileState') === 'enabled' ? [] : [{ code: 'switched-off' }];
}

/** Without lingering a user's systemd ends with the last logout, and begins only with the first login. */
function lingering(user: string, run: Run): readonly Note[] {
  const { code, stdout } = run('loginctl', ['show-user', user, '--property=Linger', '--value']);
  return code === 0 && stdout.trim() === 'yes' ? [] : [{ code: 'no-linger', user }];
}

const refusal = (step: string, result: ToolRun): Trouble =>
  result.isMissing
    ? { code: 'no-tool', tool: 'systemctl' }
    : { code: 'refused', step, detail: firstLine(result) };

const firstLine = ({ stderr, code }: ToolRun): string => stderr.split('\n')[0] || `exit code ${code}`;
