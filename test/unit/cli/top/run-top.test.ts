import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Reply } from '../../../../src/wire/messages.ts';
import { AskedDaemon } from '../../../support/asked-daemon.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { HOMES } from '../../../support/fake-client.ts';
import { newFolder } from '../../../support/new-folder.ts';
import { openBelow } from '../../../support/open-files.ts';
import { answer, BAD, change, job, REPORT, statusOf, WHY } from '../../../support/sample-replies.ts';
import { TopTerminal } from '../../../support/top-terminal.ts';
import { until } from '../../../support/until.ts';

// On other systems top opens the terminal of the process itself.
const onLinux = process.platform === 'linux' ? test : test.skip;
const LEAVE = '\u001b[0m\u001b[?7h\u001b[?25h\u001b[?1049l';

let clock: FakeClock;
let daemon: AskedDaemon;
let terminal: TopTerminal;
let logs: string;
beforeEach(() => {
  const data = newFolder();
  logs = join(data, 'logs');
  mkdirSync(logs);
  clock = new FakeClock();
  daemon = new AskedDaemon({ ...HOMES, data }, { clock })
    .on('events', 'silent')
    .on('status', [statusOf(job({ name: 'api', job: 'api' }), job({ name: 'web', state: 'held' }))])
    .on('why', [answer({ jobs: [WHY] })]);
  terminal = new TopTerminal();
});
afterEach(() => terminal.close());

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGCONT', 'exit', 'uncaughtException'] as const;
const listeners = (): readonly number[] => [
  ...SIGNALS.map((name) => process.listenerCount(name)),
  terminal.stdout.listenerCount('resize'),
];
const timers = (): number => process.getActiveResourcesInfo().filter((each) => each === 'Timeout').length;

onLinux.each([
  ['q', () => terminal.press('q')],
  ['Ctrl-C', () => terminal.press('\u0003')],
  ['SIGTERM', () => void process.emit('SIGTERM', 'SIGTERM')],
  ['SIGHUP', () => void process.emit('SIGHUP', 'SIGHUP')],
  ['the end of its input', () => void terminal.stdin.end()],
])('%s ends top, which restores the terminal and leaves nothing behind', async (_, end) => {
  const before = listeners();
  const atFirst = timers();
  terminal.show(daemon.target);
  await terminal.sees(/overseer {2}2 jobs[^]*web +held/);
  expect([listeners().every((count, at) => count >= (before[at] ?? 0)), terminal.modes]).toEqual([
    true,
    [true],
  ]);
  end();
  await terminal.ended;
  expect([listeners(), terminal.modes.at(-1), terminal.written.endsWith(LEAVE)]).toEqual([
    before,
    false,
    true,
  ]);
  // Timers that are still pending run out on their own.
  await until(() => {
    clock.advance(5_000);
    return timers() <= atFirst;
  });
  const { length } = daemon.asked;
  for (let round = 0; round < 5; round += 1) {
    clock.advance(5_000);
    await new Promise(setImmediate);
  }
  expect(daemon.asked).toHaveLength(length);
});

onLinux('an error in top comes to light only after the terminal has been restored', async () => {
  terminal.show(daemon.target);
  await terminal.sees(/2 jobs/);
  process.listeners('uncaughtException')[0]?.(new Error('planted'), 'uncaughtException');
  expect(terminal.written.endsWith(LEAVE)).toBe(true);
});

onLinux('Ctrl-Z restores the terminal until the process is resumed, each time it is pressed', async () => {
  const kill = process.kill.bind(process);
  const sent: unknown[] = [];
  process.kill = (pid, signal) => (sent.push([pid, signal]), true);
  try {
    terminal.show(daemon.target);
    for (let round = 1; round <= 2; round += 1) {
      await terminal.sees(/2 jobs/);
      terminal.press('\u001a');
      await until(() => sent.length === round);
      expect([terminal.written.endsWith(LEAVE), terminal.modes.at(-1)]).toEqual([true, false]);
      process.emit('SIGCONT', 'SIGCONT');
      expect([terminal.modes.at(-1), terminal.written.endsWith('\u001b[?2026l')]).toEqual([true, true]);
    }
    expect(sent).toEqual(Array(2).fill([process.pid, 'SIGTSTP']));
    expect(terminal.modes).toEqual([true, false, true, false, true]);
  } finally {
    process.kill = kill;
  }
});

onLinux('a new size redraws the whole screen, and so does Ctrl-L', async () => {
  terminal.show(daemon.target);
  await terminal.sees(/2 jobs/);
  const cleared = (): number => terminal.written.split('\u001b[2J\u001b[1;1H').length;
  const before = cleared();
  Object.assign(terminal.stdout, { columns: 60, rows: 12 }).emit('resize');
  expect(cleared()).toBe(before + 1);
  terminal.press('\u000c');
  await until(() => cleared() === before + 2);
});

onLinux('the log of a job is followed until its page is left', async () => {
  const log = join(logs, 'web.log');
  writeFileSync(log, 'one\n');
  terminal.show(daemon.target);
  await terminal.sees(/web +held/);
  terminal.press('/web\rl');
  await terminal.sees(/── logs web ─+ following ──\none\n/);
  appendFileSync(log, 'two\n');
  await until(() => {
    clock.advance(200);
    return terminal.rows.includes('two');
  });
  expect(openBelow(logs)).toEqual([log]);
  terminal.press('q');
  await until(() => {
    clock.advance(200);
    return openBelow(logs).length === 0;
  });
  // Opening another page ends it too.
  terminal.press('l');
  await terminal.sees(/── logs web/);
  terminal.press('w');
  await terminal.sees(/── why web/);
  await until(() => {
    clock.advance(200);
    return openBelow(logs).length === 0;
  });
});

onLinux('the last line says what was done, and a job that did not come up also opens a page', async () => {
  const stopped = change({ action: 'stop', state: 'stopped', pid: null, reason: 'by-hand' });
  const failed = change({ action: 'start', state: 'failed', pid: null });
  daemon
    .on('stop', [answer({ ...REPORT, changes: [stopped] })])
    .on('start', [answer({ ...REPORT, ok: false, changes: [failed] })])
    .on('restart', [{ kind: 'refusal', refusal: { code: 'busy', message: 'it is busy' } }]);
  terminal.show(daemon.target);
  await terminal.sees(/web +held/);
  terminal.press('xy');
  await terminal.sees(/\n stop \w+: 1 stopped$/);
  terminal.press('ry');
  await terminal.sees(/\n restart \w+: it is busy$/);
  terminal.press('s');
  await terminal.sees(/── start \w+ ─[^]*\n start \w+: 1 down$/);
});

onLinux('top asks before it runs a plan, and refuses one that has changed in the meantime', async () => {
  const plan = { ...REPORT, changes: [change({ action: 'start', reason: 'new' })] };
  daemon.on('plan', [answer(plan)], [answer({ ...plan, changes: [change({ action: 'stop' })] })]);
  terminal.show(daemon.target);
  await terminal.sees(/2 jobs/);
  terminal.press('p');
  await terminal.sees(/── plan ─[^]*\+ web[^]*Do this\? {2}y \/ n$/);
  terminal.press('y');
  await terminal.sees(/The plan has changed since you saw it: p shows it again\.$/);
  daemon.on('plan', [answer(BAD)]);
  terminal.press('p');
  await terminal.sees(/── plan ─[^]*unknown key "nam"[^]*Nothing was changed\./);
  expect(terminal.rows.join('\n')).not.toMatch(/Do this|asking what/);
});

onLinux('the why page is refreshed when the state of its job changes, and does not scroll', async () => {
  terminal.show(daemon.target);
  await terminal.sees(/web +held/);
  terminal.press('/web\r\r');
  await terminal.sees(/── why web ─/);
  Object.assign(terminal.stdout, { rows: 14 }).emit('resize');
  terminal.press('j');
  await terminal.sees(/── why web ─+ 2–13 of \d+ ──[^]*node server\.js/);
  daemon
    .on('why', [answer({ jobs: [{ ...WHY, command: 'node other.js' }] })])
    .on('status', [statusOf(job({ name: 'web', state: 'failed' }))]);
  await until(() => {
    clock.advance(100);
    return terminal.rows.some((row) => row.includes('node other.js'));
  });
  expect(terminal.rows[0]).toMatch(/── why web ─+ 2–13 of/);
});

onLinux('each line in the log of a job with copies begins with the name of the copy', async () => {
  daemon.on('status', [
    statusOf(job({ name: 'api@1', job: 'api' }), job({ name: 'api@2', job: 'api', state: 'held' })),
  ]);
  writeFileSync(join(logs, 'api@1.log'), 'one\n');
  terminal.show(daemon.target);
  await terminal.sees(/api ×2/);
  terminal.press('l');
  await terminal.sees(/── logs api ─[^]*\napi@1 \| one/);
});

onLinux('an answer that comes after another page was opened does not take its place', async () => {
  const late = (): { readonly replies: Promise<readonly Reply[]>; readonly come: (reply: Reply) => void } => {
    let come = (_: Reply): void => undefined;
    const replies = new Promise<readonly Reply[]>((resolve) => (come = (reply) => resolve([reply])));
    return { replies, come };
  };
  const [why, plan] = [late(), late()];
  daemon.on('why', why.replies).on('plan', plan.replies);
  terminal.show(daemon.target);
  await terminal.sees(/web +held/);
  terminal.press('wp?');
  await terminal.sees(/── keys ─/);
  why.come(answer({ jobs: [WHY] }));
  plan.come(answer({ ...REPORT, changes: [change({ action: 'start', reason: 'new' })] }));
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
  terminal.press('/scroll');
  await terminal.sees(/find: scroll/);
  expect(terminal.rows[0]).toMatch(/── keys ─/);
});
