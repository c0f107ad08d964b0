import { Guide } from './guide.ts';
import { scheduleOf, type Schedule } from './schedule.ts';

const SEEDS = Array.from({ length: 200 }, (_, seed) => seed);

/** Each seed takes a step of its own, so that every schedule is as rare as the others. */
function chosen(): readonly Schedule[] {
  const guide = new Guide();
  return SEEDS.map((seed) => {
    const schedule = guide.scheduleOf(seed);
    guide.learn(schedule, [`step ${seed}`, 'a step that all take']);
    return schedule;
  });
}

test('about half of the schedules are made from earlier ones, and the same ones each time', () => {
  const schedules = chosen();
  const fresh = schedules.filter((schedule, at) => isSame(schedule, scheduleOf(SEEDS[at]!)));
  expect(fresh.length).toBeGreaterThan(SEEDS.length * 0.35);
  expect(fresh.length).toBeLessThan(SEEDS.length * 0.65);
  expect(chosen()).toEqual(schedules);
});

test('what happens in a schedule is in the order of time, and about the jobs that it begins with', () => {
  for (const { sketches, happenings } of chosen()) {
    expect(happenings).toEqual(happenings.toSorted((a, b) => a.at - b.at));
    const named = happenings.flatMap((each) => ('job' in each ? [each.job] : []));
    expect(Object.keys(sketches)).toEqual(expect.arrayContaining(named));
  }
});

test('a schedule that took a rare step has more relatives than one that took a common one', () => {
  const guide = new Guide();
  const [common, rare] = [scheduleOf(1), scheduleOf(2)];
  for (let nth = 0; nth < 50; nth++)
    guide.learn(
      common,
      SEEDS.slice(0, 40).map((step) => `common ${step}`),
    );
  guide.learn(
    rare,
    SEEDS.slice(0, 40).map((step) => `rare ${step}`),
  );
  const made = SEEDS.slice(50).map((seed) => guide.scheduleOf(seed));
  const relativesOf = ({ sketches }: Schedule): number =>
    made.filter((each) => each.sketches === sketches).length;
  expect(relativesOf(rare)).toBeGreaterThan(40);
  expect(relativesOf(common)).toBe(0);
});

function isSame(one: Schedule, other: Schedule): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
