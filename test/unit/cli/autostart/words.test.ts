import type { Entry } from '../../../../src/cli/autostart/entry.ts';
import type { Facts } from '../../../../src/cli/autostart/look.ts';
import type { EntryPlace } from '../../../../src/cli/autostart/place.ts';
import type { Note, Trouble } from '../../../../src/cli/autostart/troubles.ts';
import {
  disabledText,
  enabledText,
  factsJson,
  mendedText,
  statusText,
  troubleText,
} from '../../../../src/cli/autostart/words.ts';

const UNIT: EntryPlace = { manager: 'systemd', name: 'overseer.service', file: '/u/overseer.service' };
const AGENT: EntryPlace = { manager: 'launchd', name: 'local.overseer', file: '/a/local.overseer.plist' };
const ENTRY: Entry = {
  program: '/opt/overseerd',
  seen: { program: '/opt/overseerd', node: '/opt/node' },
  path: '/opt:/bin',
  variables: { LANG: 'C.UTF-8' },
};
const FACTS: Facts = {
  place: UNIT,
  found: { kind: 'ours', entry: ENTRY },
  isEnabled: true,
  troubles: [],
  notes: [],
  pid: 7,
};
const LINES =
  '  entry    /u/overseer.service\n  program  /opt/overseerd\n  PATH     /opt:/bin\n           LANG=C.UTF-8\n';

test('enable says what it wrote and which daemon runs by it', () => {
  expect(enabledText({ ok: true, changed: true, facts: FACTS })).toBe(
    'enabled: wrote /u/overseer.service\n' +
      `systemd runs the daemon (pid 7), now and after each login\n${LINES}`,
  );
  expect(enabledText({ ok: true, changed: false, facts: { ...FACTS, pid: null } })).toBe(
    `already enabled by /u/overseer.service\n${LINES}`,
  );
});

test('disable says what it removed, or that there was nothing', () => {
  expect(disabledText({ ok: true, changed: true, facts: FACTS })).toBe(
    'disabled: removed /u/overseer.service\nA daemon that runs, and its jobs, run on.\n',
  );
  expect(disabledText({ ok: true, changed: false, facts: FACTS })).toBe(
    'nothing to disable: overseer does not start at login\n',
  );
});

test('status begins with whether it would work, and ends with what is to be said', () => {
  expect(statusText(FACTS)).toBe(
    `enabled: overseer starts at login\n${LINES}  daemon   pid 7, run by systemd\n`,
  );
  const edited = { ...FACTS, found: { kind: 'edited', entry: ENTRY }, pid: null } as const;
  expect(
    statusText({ ...edited, troubles: [{ code: 'masked' }], notes: [{ code: 'no-linger', user: 'me' }] }),
  ).toBe(
    'enabled, but it would not work\n' +
      LINES.replace('service\n', 'service (edited since overseer wrote it)\n') +
      '  daemon   not running\n' +
      '- overseer.service is masked: say `systemctl --user unmask overseer.service`, then enable again\n' +
      '- your systemd begins with your first login and ends with your last logout, and so do your jobs; ' +
      '`loginctl enable-linger me` has it begin at boot and stay\n',
  );
  const missing = {
    ...FACTS,
    found: { kind: 'missing' },
    isEnabled: false,
    troubles: [{ code: 'missing' }],
  } as const;
  expect(statusText(missing)).toBe('disabled: overseer does not start at login\n');
});

test.each<[Trouble, EntryPlace, string]>([
  [{ code: 'unsupported', platform: 'aix' }, UNIT, 'overseer knows no way to start at login on aix'],
  [
    { code: 'foreign' },
    UNIT,
    '/u/overseer.service was not written by overseer, so it is left as it is: move it away, then',
  ],
  [{ code: 'foreign' }, AGENT, 'after `launchctl bootout gui/$(id -u)/local.overseer`, then enable again'],
  [{ code: 'edited' }, UNIT, '/u/overseer.service was edited since overseer wrote it'],
  [{ code: 'missing' }, UNIT, 'there is no /u/overseer.service'],
  [{ code: 'unwritable', detail: 'cannot write x' }, UNIT, 'cannot write x'],
  [{ code: 'program-gone', program: '/p' }, UNIT, '/p is not there any more'],
  [
    { code: 'no-node', path: '/a:/b', node: '/c/node' },
    UNIT,
    'in the PATH of the entry, /a:/b: add the folder of /c/node by --path',
  ],
  [
    { code: 'program-fails', detail: 'exit code 3' },
    UNIT,
    'does not run in the environment of the entry: exit code 3',
  ],
  [{ code: 'odd-path', part: 'bin' }, UNIT, 'every folder of PATH must be absolute, and "bin" is not'],
  [{ code: 'cannot-be-written', name: 'PATH' }, UNIT, 'PATH holds a control character'],
  [{ code: 'no-tool', tool: 'systemctl' }, UNIT, 'there is no systemd here (no systemctl)'],
  [{ code: 'no-tool', tool: 'launchctl' }, AGENT, 'there is no launchctl in your PATH'],
  [{ code: 'unreachable', detail: 'no bus' }, UNIT, 'your own systemd cannot be reached (no bus)'],
  [{ code: 'switched-off' }, UNIT, 'overseer.service is not enabled: say `overseer autostart enable`'],
  [
    { code: 'switched-off' },
    AGENT,
    'say `launchctl enable gui/$(id -u)/local.overseer`, then `overseer autostart enable`',
  ],
  [{ code: 'masked' }, UNIT, 'overseer.service is masked'],
  [{ code: 'not-loaded' }, UNIT, 'systemd does not know /u/overseer.service'],
  [
    { code: 'other-file', file: '/x' },
    UNIT,
    'systemd has taken overseer.service from /x, not from /u/overseer.service',
  ],
  [
    { code: 'refused', step: 'a step', detail: 'no' },
    UNIT,
    'a step failed: no; `systemctl --user status overseer.service` tells more',
  ],
  [
    { code: 'refused', step: 'a step', detail: 'no' },
    AGENT,
    'a step failed: no; `launchctl print gui/$(id -u)/local.overseer` tells more',
  ],
  [
    { code: 'refused', step: 'a step', detail: 'Bootstrap failed: 5: x' },
    AGENT,
    'where nobody is logged in at the screen, as over ssh',
  ],
])('the trouble %j has its words and its cure', (trouble, place, words) => {
  expect(troubleText(trouble, place)).toContain(words);
});

test.each<[Note, EntryPlace, string]>([
  [{ code: 'other-daemon', pid: 5 }, UNIT, 'a daemon runs (pid 5) that systemd has not started'],
  [{ code: 'other-version', version: '9' }, UNIT, 'the entry runs overseer 9, which is another version'],
  [{ code: 'protected-folder', folder: '/h/Documents' }, AGENT, 'lies in /h/Documents, which macOS keeps'],
  [{ code: 'temporary', program: '/_npx/x' }, UNIT, '/_npx/x is of npx and will be removed some day'],
  [{ code: 'nobody-at-the-screen' }, AGENT, 'at the screen'],
  [{ code: 'not-serving', pid: null }, UNIT, 'systemd was asked to start it, but no daemon answers yet'],
  [{ code: 'not-serving', pid: 7 }, UNIT, 'the daemon that systemd runs (pid 7) does not answer'],
  [{ code: 'not-serving', pid: 7 }, UNIT, '`journalctl --user -u overseer.service`'],
  [{ code: 'not-serving', pid: 7 }, AGENT, '~/Library/Logs/local.overseer.log'],
])('the note %j is told', (note, place, words) => {
  expect(statusText({ ...FACTS, place, notes: [note] })).toContain(words);
});

test('a mended entry says what is elsewhere now, and one that could not be mended why', () => {
  const is = {
    ...ENTRY,
    program: '/new/overseerd',
    path: '/new:/bin',
    seen: { ...ENTRY.seen, node: '/new/node' },
  };
  expect(mendedText({ ok: true, place: UNIT, was: ENTRY, is })).toBe(
    'overseer is now /new/overseerd, node is now /new/node: mended /u/overseer.service, so that overseer ' +
      'starts at login as before',
  );
  expect(mendedText({ ok: true, place: UNIT, was: ENTRY, is: { ...ENTRY, program: '/p' } })).toMatch(
    /^overseer is now \/p: /,
  );
  expect(mendedText({ ok: false, place: UNIT, was: ENTRY, trouble: { code: 'edited' } })).toMatch(
    /^the entry that starts overseer at login does not work any more: \/u\/overseer\.service was edited/,
  );
});

test('JSON has the same facts, each trouble and note with its code', () => {
  expect(
    factsJson({ ...FACTS, troubles: [{ code: 'masked' }], notes: [{ code: 'no-linger', user: 'me' }] }),
  ).toEqual({
    enabled: true,
    works: false,
    manager: 'systemd',
    file: '/u/overseer.service',
    entry: 'ours',
    program: '/opt/overseerd',
    path: '/opt:/bin',
    variables: { LANG: 'C.UTF-8' },
    pid: 7,
    problems: [{ code: 'masked', message: expect.stringContaining('is masked') }],
    notes: [{ code: 'no-linger', message: expect.stringContaining('enable-linger me') }],
  });
  expect(
    factsJson({ ...FACTS, place: null, found: { kind: 'foreign' }, isEnabled: false, pid: null }),
  ).toMatchObject({
    works: false,
    manager: null,
    file: null,
    entry: 'foreign',
    program: null,
    path: null,
    variables: {},
  });
  expect(factsJson(FACTS)).toMatchObject({ works: true });
});
