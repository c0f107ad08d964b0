import { jobMachine } from '../../../../machines/job.ts';
import { EventLines, eventJson } from '../../../../src/cli/render/events.ts';
import { eventWords } from '../../../../src/cli/render/transition-text.ts';
import { displayWidth } from '../../../../src/text/display-width.ts';
import type { Transition } from '../../../../src/wire/messages.ts';

const CHANGE: Transition = {
  at: '2026-01-02T00:00:00.000Z',
  machine: 'job',
  id: 'web',
  job: 'web',
  event: 'xstate.after.startTime.job.child.Up.Starting.Settling',
  from: 'child.Up.Starting.Settling',
  to: 'child.AtRest.Down',
  state: 'stopped',
  cause: 'by-hand',
  pid: null,
  exit: null,
  file: null,
  nextStartAt: null,
  isChange: true,
  detail: 'stopped by hand, killed: it did not stop within 10 s, whatever was tried with all its processes',
};

test('a reason is wrapped and never cut, on a page of any width', () => {
  for (const columns of [200, 100, 80, 60, 40, 24]) {
    const text = new EventLines({ columns, color: false, now: Date.parse(CHANGE.at) }).line(CHANGE);
    expect(text.replaceAll(/\s+/g, ' ')).toContain(CHANGE.detail);
    expect(text.split('\n').filter((line) => displayWidth(line) > Math.max(columns, 32))).toEqual([]);
  }
});

test('every event of the chart of a job has words of its own', () => {
  const names = jobMachine.events as readonly string[];
  expect(names.length).toBeGreaterThan(20);
  for (const name of names) {
    expect(eventWords(name)).not.toBe(name);
    expect(eventWords(name)).not.toMatch(/xstate|[A-Z]/);
  }
});

test('an event in JSON has no names that are internal to the chart engine', () => {
  expect(eventJson(CHANGE)).toMatchObject({ event: 'after startTime', state: 'stopped', cause: 'by-hand' });
});
