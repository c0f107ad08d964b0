import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { agentText } from './launchd-agent.ts';
import type { EntryPlace } from '../place.ts';
import type { KnownEntry, ServiceManager } from './service-manager.ts';
import type { Run, ToolRun } from '../tools.ts';
import type { Trouble } from '../troubles.ts';

/** An agent that was booted out is gone a moment later, and until then it cannot be loaded anew. */
const LOADING = { tries: 10, pauseMs: 300 } as const;

/** The launchd of the user's login at the screen, through `launchctl`. */
export function launchd(
  { name, file }: EntryPlace,
  run: Run,
  { uid, log }: { readonly uid: number; readonly log: string },
): ServiceManager {
  const domain = `gui/${uid}`;
  const service = `${domain}/${name}`;
  const launchctl = (...words: readonly string[]): ToolRun => run('launchctl', words);
  const reach = (): Trouble | null =>
    launchctl('version').isMissing ? { code: 'no-tool', tool: 'launchctl' } : null;
  // There is such a domain only while somebody is logged in there; one who came by ssh is not.
  const canLoadNow = (): boolean => launchctl('print', domain).code === 0;
  const isSwitchedOff = (): boolean => switchedOff(launchctl('print-disabled', domain).stdout, name);
  const load = async (): Promise<Trouble | null> => {
    if (launchctl('print', service).code === 0) launchctl('bootout', service);
    // launchd makes the file, but not its folder.
    mkdirSync(dirname(log), { recursive: true });
    // Takes back what the user may have switched off: they ask for it now.
    launchctl('enable', service);
    for (let tries = 1; ; tries += 1) {
      const result = launchctl('bootstrap', domain, file);
      if (result.code === 0) return null;
      if (isSwitchedOff()) return { code: 'switched-off' };
      if (tries === LOADING.tries)
        return { code: 'refused', step: `launchctl bootstrap ${domain} ${file}`, detail: saidBy(result) };
      await setTimeout(LOADING.pauseMs);
    }
  };
  return {
    textOf: (entry) => agentText(entry, { label: name, log }),
    reach,
    canLoadNow,
    look: () => {
      const unreachable = reach();
      if (unreachable !== null) return { troubles: [unreachable], notes: [], pid: null };
      if (!canLoadNow()) return { troubles: [], notes: [{ code: 'nobody-at-the-screen' }], pid: null };
      return looked(launchctl('print', service), { file, isOff: isSwitchedOff() });
    },
    load,
    reread: () => null,
    rereadsByLoading: true,
    // The agent stays loaded until logout: to boot it out would stop every job.
    forget: () => null,
  };
}

function looked(
  { code, stdout }: ToolRun,
  { file, isOff }: { readonly file: string; readonly isOff: boolean },
): KnownEntry {
  const pid = Number(/^\tpid = (\d+)$/m.exec(stdout)?.[1] ?? 0);
  const from = /^\tpath = (.+)$/m.exec(stdout)?.[1] ?? file;
  const troubles: readonly Trouble[] = isOff
    ? [{ code: 'switched-off' }]
    : code === 0 && from !== file
      ? [{ code: 'other-file', file: from }]
      : [];
  return { troubles, notes: [], pid: pid === 0 ? null : pid };
}

/** `"local.overseer" => disabled`; before macOS 13 it was `true`. */
const switchedOff = (listed: string, name: string): boolean =>
  listed.split('\n').some((line) => {
    const [, label, value = ''] = /^\s*"(.+)" => (\w+)/.exec(line) ?? [];
    return label === name && (value === 'disabled' || value === 'true');
  });

const saidBy = ({ stderr, code }: ToolRun): string => stderr.split('\n')[0] || `exit code ${code}`;
