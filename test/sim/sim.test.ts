import { failureInWords, ignoreRejections } from './run-many.ts';
import { runSchedule } from './run-schedule.ts';
import { scheduleOf, type Schedule } from './schedule.ts';
import { onceFailed } from './seeds.ts';

/** How many worlds that nobody has seen yet, and how many of them are one test. */
const FRESH = 120;
const PART = 30;
const LIMIT_MS = 60_000;

/** Printed in the titles. */
const first = Number(process.env['SIM_SEED'] ?? Math.floor(Math.random() * 1_000_000_000));

beforeAll(ignoreRejections);

describe('the whole daemon in a simulated world', () => {
  test.each(onceFailed())(
    '$rule',
    async ({ schedule, file }) => expect(await failure(schedule, file)).toBeNull(),
    LIMIT_MS,
  );

  test.each(Array.from({ length: FRESH / PART }, (_, part) => first + part * PART))(
    `the daemon keeps every rule in ${PART} worlds from seed %i on`,
    async (from) => {
      for (let seed = from; seed < from + PART; seed++) expect(await failure(scheduleOf(seed))).toBeNull();
    },
    LIMIT_MS,
  );

  test('the same seed is the same story, to the last word', async () => {
    const once = await toldIn(first);
    expect(await toldIn(first)).toEqual(once);
  });
});

/** Null if all went well, else the shortest story that fails. */
async function failure(schedule: Schedule, file?: string): Promise<string | null> {
  const { violation } = await runSchedule(schedule);
  return violation === null ? null : failureInWords(schedule, file);
}

async function toldIn(seed: number): Promise<readonly string[]> {
  return (await runSchedule(scheduleOf(seed), true)).story.map(withoutStack);
}

/** The stack of a planted exception names the lines of this test, and Node leaves some of its callers out. */
function withoutStack(line: string): string {
  return line.replaceAll(/\n\s+at .*/g, '');
}
