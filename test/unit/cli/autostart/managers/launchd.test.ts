import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { launchd } from '../../../../../src/cli/autostart/managers/launchd.ts';
import type { Run, ToolRun } from '../../../../../src/cli/autostart/tools.ts';
import { newFolder } from '../../../../support/new-folder.ts';

const PLACE = { manager: 'launchd', name: 'local.overseer', file: '/u/local.overseer.plist' } as const;
const GOOD: ToolRun = { code: 0, stdout: '', stderr: '', isMissing: false };
const MISSING: ToolRun = { code: null, stdout: '', stderr: 'ENOENT', isMissing: true };
const said = (stdout: string): ToolRun => ({ ...GOOD, stdout });
const failed = (stderr: string): ToolRun => ({ ...GOOD, code: 5, stderr });

/** A launchd that answers so, the first of several answers first, and what it was asked. */
function manager(answers: Readonly<Record<string, ToolRun | readonly ToolRun[]>>) {
  const asked: string[] = [];
  const left = new Map(Object.entries(answers).map(([line, each]) => [line, [each].flat()]));
  const run: Run = (program, words) => {
    const line = [program, ...words].join(' ');
    asked.push(line);
    const known = left.get(line) ?? [];
    return (known.length > 1 ? known.shift() : known[0]) ?? GOOD;
  };
  const log = join(newFolder(), 'Logs', 'overseer.log');
  return { asked, log, agent: launchd(PLACE, run, { uid: 501, log }) };
}

const BOOTSTRAP = 'launchctl bootstrap gui/501 /u/local.overseer.plist';
const SERVICE = 'launchctl print gui/501/local.overseer';
const DISABLED = 'launchctl print-disabled gui/501';

test.each<[string, Readonly<Record<string, ToolRun>>, unknown]>([
  [
    'runs has its pid',
    { [SERVICE]: said('\tpath = /u/local.overseer.plist\n\tpid = 42\n') },
    { troubles: [], notes: [], pid: 42 },
  ],
  ['does not run has none', { [SERVICE]: failed('not found') }, { troubles: [], notes: [], pid: null }],
  [
    'was loaded from another file is in trouble',
    { [SERVICE]: said('\tpath = /x y.plist\n') },
    { troubles: [{ code: 'other-file', file: '/x y.plist' }], notes: [], pid: null },
  ],
  [
    'is switched off is in trouble',
    { [DISABLED]: said('\t"other" => enabled\n\t"local.overseer" => disabled\n') },
    { troubles: [{ code: 'switched-off' }], notes: [], pid: null },
  ],
  [
    'is switched off on an older macOS is in trouble',
    { [DISABLED]: said('\t"local.overseer" => true\n') },
    { troubles: [{ code: 'switched-off' }], notes: [], pid: null },
  ],
  [
    'is switched on is not, although another is off',
    { [DISABLED]: said('\t"other" => disabled\n\t"local.overseer" => enabled\n') },
    { troubles: [], notes: [], pid: null },
  ],
  [
    'belongs to somebody who is not at the screen is looked at later',
    { 'launchctl print gui/501': failed('no such domain') },
    { troubles: [], notes: [{ code: 'nobody-at-the-screen' }], pid: null },
  ],
  [
    'has no launchctl is in trouble',
    { 'launchctl version': MISSING },
    { troubles: [{ code: 'no-tool', tool: 'launchctl' }], notes: [], pid: null },
  ],
])('an agent of launchd that %s', (_, answers, known) => {
  expect(manager(answers).agent.look()).toEqual(known);
});

test('an agent that is loaded is booted out, switched on and loaded anew', async () => {
  const { asked, log, agent } = manager({});
  expect(await agent.load()).toBeNull();
  expect(asked).toEqual([
    SERVICE,
    'launchctl bootout gui/501/local.overseer',
    'launchctl enable gui/501/local.overseer',
    BOOTSTRAP,
  ]);
  expect(existsSync(join(log, '..'))).toBe(true);
  expect([agent.reach(), agent.reread(), agent.forget(), agent.rereadsByLoading]).toEqual([
    null,
    null,
    null,
    true,
  ]);
});

test('an agent that is not quite gone is loaded at the next try', async () => {
  const { asked, agent } = manager({ [SERVICE]: failed(''), [BOOTSTRAP]: [failed('in progress'), GOOD] });
  expect(await agent.load()).toBeNull();
  expect(asked.filter((line) => line === BOOTSTRAP)).toHaveLength(2);
  expect(asked).not.toContain('launchctl bootout gui/501/local.overseer');
});

test('an agent that is switched off elsewhere is not tried again', async () => {
  const { asked, agent } = manager({
    [BOOTSTRAP]: failed('disabled'),
    [DISABLED]: said('"local.overseer" => disabled\n'),
  });
  expect(await agent.load()).toEqual({ code: 'switched-off' });
  expect(asked.filter((line) => line === BOOTSTRAP)).toHaveLength(1);
});
