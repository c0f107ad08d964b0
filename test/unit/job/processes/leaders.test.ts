import type { ProcessInfo } from '../../../../src/os/os.ts';
import { CannotAsk } from '../../../../src/os/system-error.ts';
import { Leaders } from '../../../../src/job/processes/leaders.ts';
import { ProcessTable } from '../../../../src/job/processes/process-table.ts';

const info = (pid: number, start = 's'): ProcessInfo => ({
  pid,
  start,
  ppid: 1,
  pgid: pid,
  sid: null,
  state: 'S',
});

/** A system whose answers come only when the test lets them. */
function system() {
  let now = 0;
  let listing: { readonly begun: number; readonly table: ProcessTable } | null = null;
  let begun = 0;
  const unknown = new Set<number>();
  const asked: {
    readonly pids: readonly number[];
    readonly answer: (found: readonly ProcessInfo[] | CannotAsk) => void;
  }[] = [];
  const leaders = new Leaders({
    os: {
      pidIsKnown: (pid) => !unknown.has(pid),
      later: {
        identify: (pids: readonly number[], done: (found: readonly ProcessInfo[] | CannotAsk) => void) =>
          asked.push({ pids, answer: done }),
      } as never,
    },
    now: () => now,
    listed: (ms) => (listing !== null && now - listing.begun <= ms ? listing : null),
    beginIfDue: () => (begun += 1),
  });
  const look = (pid: number): string => {
    try {
      return leaders.identify(pid)?.start ?? 'nobody';
    } catch (error) {
      return (error as Error).name === 'CannotAsk' ? 'not known yet' : String(error);
    }
  };
  return {
    look,
    asked,
    unknown,
    pass: (ms: number) => (now += ms),
    list: (infos: readonly ProcessInfo[]) => (listing = { begun: now, table: new ProcessTable(infos) }),
    begun: () => begun,
  };
}

test('many processes are asked for in one question, and nothing is known before its answer', () => {
  const { look, asked } = system();
  expect([look(7), look(8)]).toEqual(['not known yet', 'not known yet']);
  expect(asked.map(({ pids }) => pids)).toEqual([[7]]);
  asked[0]?.answer([info(7)]);
  expect([look(7), look(8)]).toEqual(['s', 'not known yet']);
  expect(asked.map(({ pids }) => pids)).toEqual([[7], [7, 8]]);
  asked[1]?.answer([info(7)]);
  expect([look(7), look(8)]).toEqual(['s', 'nobody']);
});

test('an answer serves for a second, is asked for anew after it, and counts for five', () => {
  const { look, asked, pass } = system();
  look(7);
  asked[0]?.answer([info(7)]);
  pass(1_000);
  expect([look(7), asked.length]).toEqual(['s', 1]);
  pass(1);
  expect([look(7), asked.length]).toEqual(['s', 2]);
  pass(3_999);
  expect([look(7), asked.length]).toEqual(['s', 2]);
  pass(1);
  expect([look(7), asked.length]).toEqual(['not known yet', 2]);
});

test('an answer counts from the moment of its question', () => {
  const { look, asked, pass } = system();
  look(7);
  pass(900);
  asked[0]?.answer([info(7)]);
  pass(101);
  expect([look(7), asked.length]).toEqual(['s', 2]);
});

test('a system that cannot be asked is asked again, and makes nobody dead', () => {
  const { look, asked } = system();
  look(7);
  asked[0]?.answer(new CannotAsk('no descriptor'));
  expect([look(7), asked.length]).toEqual(['not known yet', 2]);
  asked[1]?.answer([info(7)]);
  expect(look(7)).toBe('s');
});

test('a pid that nobody has is nobody’s at once, and is asked for no more', () => {
  const { look, asked, unknown, pass } = system();
  look(7);
  asked[0]?.answer([info(7)]);
  unknown.add(7);
  expect(look(7)).toBe('nobody');
  pass(1_001);
  look(8);
  expect(asked.at(-1)?.pids).toEqual([8]);
});

test('a process that nobody has asked about for five seconds is no longer checked', () => {
  const { look, asked, pass } = system();
  look(7);
  asked[0]?.answer([info(7)]);
  pass(5_000);
  look(8);
  expect(asked.at(-1)?.pids).toEqual([7, 8]);
  asked.at(-1)?.answer([info(7), info(8)]);
  pass(5_001);
  look(9);
  expect(asked.at(-1)?.pids).toEqual([9]);
});

test('a fresh listing of all processes answers without a question of its own', () => {
  const { look, asked, list, begun, pass } = system();
  list([info(7, 'listed')]);
  expect([look(7), asked.length, begun()]).toEqual(['listed', 0, 1]);
  // The listing has begun no earlier than this one was asked for.
  expect([look(8), asked.length]).toEqual(['nobody', 0]);
  pass(500);
  // This one may be younger than the listing.
  expect([look(9), asked.map(({ pids }) => pids)]).toEqual(['not known yet', [[7, 8, 9]]]);
});
