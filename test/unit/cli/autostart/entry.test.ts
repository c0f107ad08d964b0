import { entryIn, type Entry } from '../../../../src/cli/autostart/entry.ts';
import { agentText } from '../../../../src/cli/autostart/managers/launchd-agent.ts';
import { hasMoved } from '../../../../src/cli/autostart/moved.ts';
import { unitText } from '../../../../src/cli/autostart/managers/systemd-unit.ts';

const ENTRY: Entry = {
  program: '/opt/50% of "it"/$HOME\\--x--/overseerd',
  seen: { program: '/opt/real/overseerd', node: '/opt/node' },
  path: '/a & b:/<c>:/--->',
  variables: { LANG: 'C.UTF-8' },
};
const agent = agentText(ENTRY, { label: 'local.overseer', log: '/x/log' });

test.each([
  ['unit', unitText(ENTRY)],
  ['agent', agent],
])('what was put into a %s is read from it again, and each edit is seen', (_, text) => {
  expect(entryIn(text)).toEqual({ kind: 'ours', entry: ENTRY });
  for (const at of [5, text.indexOf('LANG') + 1, text.lastIndexOf('120') + 1, text.length - 2])
    expect(entryIn(`${text.slice(0, at)}x${text.slice(at)}`).kind).not.toBe('ours');
});

test('a text without a whole mark is of somebody else', () => {
  expect(entryIn(null)).toEqual({ kind: 'missing' });
  for (const text of [
    '',
    '[Unit]\n',
    '# overseer-autostart 1 0123456789abcdef {"program":1}',
    '# overseer-autostart 1 0123456789abcdef {x}',
  ])
    expect(entryIn(text)).toEqual({ kind: 'foreign' });
});

test('characters that systemd or XML would interpret are escaped', () => {
  const unit = unitText(ENTRY);
  expect(unit).toContain(String.raw`ExecStart="/opt/50%% of \"it\"/$$HOME\\--x--/overseerd" --autostart`);
  expect(unit).toContain('Environment="PATH=/a & b:/<c>:/--->"');
  expect(agent).toContain('<string>/a &amp; b:/&lt;c&gt;:/---&gt;</string>');
  expect(/<!--(?:(?!-->)[^])*--(?!>)/.exec(agent)).toBeNull();
});

test('an entry counts as moved only if its program is gone, not if another overseer runs', () => {
  const running = { program: '/nowhere/bin/overseerd', node: process.execPath };
  expect(hasMoved(running, running)).toBe(false);
  expect(hasMoved({ ...running, program: '/elsewhere/overseerd' }, running)).toBe(true);
  expect(hasMoved({ ...running, node: '/bin/sh' }, running)).toBe(false);
});
