import type { Hook, HookEvent } from '../../machines/hook.ts';
import { hookMachine } from '../../machines/hook.ts';
import { Bench } from '../support/bench.ts';

const hook = (state: string): Hook => ({ state, from: '', detail: '', exitCode: null, exitSignal: null });
const entered = (state: string): HookEvent => ({ type: 'Entered', hook: hook(state) });
const ended = (number: number, detail: string | null = null): HookEvent => ({
  type: 'HookEnded',
  number,
  failure: detail === null ? null : { at: 'now', detail },
});
const RESTORED: HookEvent = { type: 'Restored' };

const begun = (): Bench<typeof hookMachine> => new Bench(hookMachine).begin(undefined);
const running = (): Bench<typeof hookMachine> => {
  const chart = begun().post(entered('failed'));
  chart.effects();
  return chart;
};

/** Where it is, which hook it has, which one waits, and what it has asked for since the last look. */
const seen = (chart: Bench<typeof hookMachine>): readonly unknown[] => [
  chart.value,
  chart.context.current?.state ?? null,
  chart.context.next?.state ?? null,
  chart.effects(),
];

test('H-1 A hook runs when its job has entered the state that it is for', () => {
  expect(seen(begun())).toEqual(['Idle', null, null, []]);
  expect(seen(begun().post(entered('failed')))).toEqual(['Running', 'failed', null, ['runHook']]);
});

test('H-2 One hook of a job runs at a time, and only the one asked for last waits', () => {
  const chart = running().post(entered('backoff'), entered('starting'), entered('running'));
  expect(seen(chart)).toEqual(['Running', 'failed', 'running', []]);
  expect(seen(chart.post(ended(1)))).toEqual(['Running', 'running', null, ['runHook']]);
  expect(seen(chart.post(ended(2)))).toEqual(['Idle', null, null, []]);
});

test('the state that was entered while a hook is killed gets its hook afterwards', () => {
  const chart = running().wait(30_000).post(entered('running'), entered('stopped'), ended(1));
  expect(seen(chart)).toEqual(['Running', 'stopped', null, ['killHook', 'runHook']]);
});

test('H-3 A hook is over when it has ended, well or not', () => {
  const chart = running().post(ended(1, 'exited with 3'));
  expect([chart.value, chart.context.failure]).toEqual([
    'Idle',
    { state: 'failed', at: 'now', detail: 'exited with 3' },
  ]);
  chart.post(entered('running'), ended(2));
  expect([chart.value, chart.context.failure]).toEqual(['Idle', null]);
});

test('the end of an older hook changes nothing', () => {
  const chart = running().post(ended(1), entered('running'));
  chart.effects();
  expect(seen(chart.post(ended(1, 'late'), ended(0)))).toEqual(['Running', 'running', null, []]);
  expect(chart.context.failure).toBeNull();
});

test('H-4 A hook that runs for too long is killed with its whole group', () => {
  const chart = running().wait(29_999);
  expect(seen(chart)).toEqual(['Running', 'failed', null, []]);
  expect(seen(chart.wait(1))).toEqual(['Killing', 'failed', null, ['killHook']]);
  expect(seen(chart.wait(1_000))).toEqual(['Killing', 'failed', null, ['killHook']]);
  expect(seen(chart.post(ended(1, 'was killed')))).toEqual(['Idle', null, null, []]);
});

test('each hook has the whole time, also the one that had to wait', () => {
  const chart = running().wait(20_000).post(entered('running'), ended(1)).wait(29_999);
  expect(chart.value).toBe('Running');
  expect(chart.wait(1).value).toBe('Killing');
});

test('H-5 A hook that a daemon has left unfinished is run again by the next one', () => {
  const chart = running().post(entered('running')).restore();
  expect(seen(chart.post(RESTORED))).toEqual(['Running', 'failed', 'running', ['runHook']]);
  expect(seen(chart.post(ended(1)))).toEqual(['Running', 'failed', 'running', []]);
  expect(seen(chart.post(ended(2)))).toEqual(['Running', 'running', null, ['runHook']]);
  expect(seen(begun().restore().post(RESTORED))).toEqual(['Idle', null, null, []]);
});

test('H-6 A hook that was being killed for its time is not run again', () => {
  const chart = running().wait(30_000).restore();
  chart.effects();
  expect(seen(chart.post(RESTORED))).toEqual(['Idle', null, null, []]);
  const more = running().wait(30_000).post(entered('running')).restore();
  more.effects();
  expect(seen(more.post(RESTORED))).toEqual(['Running', 'running', null, ['runHook']]);
});
