import { systemd } from '../../../../../src/cli/autostart/managers/systemd.ts';
import type { Run, ToolRun } from '../../../../../src/cli/autostart/tools.ts';

const PLACE = { manager: 'systemd', name: 'overseer.service', file: '/u/overseer.service' } as const;
const GOOD: ToolRun = { code: 0, stdout: '', stderr: '', isMissing: false };
const MISSING: ToolRun = { code: null, stdout: '', stderr: 'ENOENT', isMissing: true };
const said = (stdout: string): ToolRun => ({ ...GOOD, stdout });
const failed = (stderr: string): ToolRun => ({ ...GOOD, code: 1, stderr });

/** A systemd that answers so, and what it was asked. */
function manager(answers: Readonly<Record<string, ToolRun>>) {
  const asked: string[] = [];
  const run: Run = (program, words) => {
    const line = `${program} ${words.join(' ')}`;
    asked.push(line);
    return Object.entries(answers).find(([begin]) => line.includes(begin))?.[1] ?? GOOD;
  };
  return { asked, unit: systemd(PLACE, run, 'me') };
}

const shown = (facts: Readonly<Record<string, string>>): ToolRun =>
  said(
    Object.entries({
      LoadState: 'loaded',
      UnitFileState: 'enabled',
      MainPID: '42',
      FragmentPath: PLACE.file,
      ...facts,
    })
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  );

test.each<[string, Readonly<Record<string, string>>, unknown]>([
  ['works', {}, []],
  ['is masked', { LoadState: 'masked' }, [{ code: 'masked' }]],
  ['is masked as a file', { UnitFileState: 'masked' }, [{ code: 'masked' }]],
  ['is not found', { LoadState: 'not-found' }, [{ code: 'not-loaded' }]],
  ['has no file', { FragmentPath: '' }, [{ code: 'not-loaded' }]],
  [
    'is that of another file',
    { FragmentPath: '/etc/a=b.service' },
    [{ code: 'other-file', file: '/etc/a=b.service' }],
  ],
  ['is switched off', { UnitFileState: 'disabled' }, [{ code: 'switched-off' }]],
])('a unit of systemd that %s is known as such', (_, facts, troubles) => {
  const { unit } = manager({ 'systemctl --user show overseer': shown(facts), loginctl: said('yes\n') });
  expect(unit.look()).toEqual({ troubles, notes: [], pid: 42 });
});

test('a unit that does not run has no pid, and without lingering that is noted', () => {
  const { asked, unit } = manager({
    'systemctl --user show overseer': shown({ MainPID: '0' }),
    loginctl: said('no\n'),
  });
  expect(unit.look()).toEqual({ troubles: [], notes: [{ code: 'no-linger', user: 'me' }], pid: null });
  expect(asked).toEqual([
    'systemctl --user show overseer.service --property=LoadState,UnitFileState,MainPID,FragmentPath',
    'loginctl show-user me --property=Linger --value',
  ]);
});

test.each<[string, ToolRun, unknown]>([
  ['is missing', MISSING, { code: 'no-tool', tool: 'systemctl' }],
  ['cannot be reached', failed('no bus\nmore'), { code: 'unreachable', detail: 'no bus' }],
  ['says nothing', failed(''), { code: 'unreachable', detail: 'exit code 1' }],
])('a systemd that %s is the trouble', (_, answer, trouble) => {
  const { unit } = manager({ systemctl: answer });
  expect([unit.look(), unit.reach()]).toEqual([{ troubles: [trouble], notes: [], pid: null }, trouble]);
});

test('a unit is loaded, enabled and started, up to the first step that is refused', async () => {
  const good = manager({});
  expect([await good.unit.load(), good.unit.reach(), good.unit.reread(), good.unit.forget()]).toEqual(
    Array.from({ length: 4 }, () => null),
  );
  expect(good.asked).toEqual([
    'systemctl --user daemon-reload',
    'systemctl --user enable overseer.service',
    'systemctl --user start overseer.service',
    'systemctl --user show --property=Version',
    'systemctl --user daemon-reload',
    'systemctl --user disable overseer.service',
  ]);
  const bad = manager({ enable: failed('refused\nbecause') });
  expect([await bad.unit.load(), bad.asked.length]).toEqual([
    { code: 'refused', step: 'systemctl --user enable overseer.service', detail: 'refused' },
    2,
  ]);
  expect(await manager({ systemctl: MISSING }).unit.load()).toEqual({ code: 'no-tool', tool: 'systemctl' });
  expect([good.unit.canLoadNow(), good.unit.rereadsByLoading]).toEqual([true, false]);
});
