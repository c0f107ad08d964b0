import { Ages } from '../../../src/fleet/ages.ts';
import { FakeClock } from '../../support/fake-clock.ts';

/** A clock whose wall side somebody sets. */
class SetClock extends FakeClock {
  offset = 0;
  override wall(): number {
    return super.wall() + this.offset;
  }
}

const child = (clock: SetClock): { pid: number; start: string; boot: string; at: string } => ({
  pid: 7,
  start: '1',
  boot: 'b',
  at: new Date(clock.wall()).toISOString(),
});

describe('how long ago something was', () => {
  for (const [title, offset] of [
    ['set forward by years', 19_675 * 86_400_000],
    ['set back by a day', -86_400_000],
    ['left alone', 0],
  ] as const)
    test(`an age is the same where the wall clock was ${title}`, () => {
      const clock = new SetClock();
      const ages = new Ages(clock);
      const facts = { child: child(clock), lastExit: null, verdict: null };
      ages.note(facts);
      clock.advance(5_000);
      clock.offset = offset;
      ages.note(facts);
      clock.advance(1_000);
      expect(ages.of(facts, clock.sinceBoot())).toEqual({ up: 6_000, lastExit: null, test: null });
    });

  test('the age of a job begins at zero with its next child', () => {
    const clock = new SetClock();
    const ages = new Ages(clock);
    ages.note({ child: child(clock), lastExit: null, verdict: null });
    clock.advance(5_000);
    const next = { child: child(clock), lastExit: null, verdict: null };
    ages.note(next);
    clock.advance(10);
    expect(ages.of(next, clock.sinceBoot()).up).toBe(10);
    expect(ages.of({ ...next, child: null }, clock.sinceBoot()).up).toBeNull();
  });

  test('what the system says of the start of an adopted child holds for nothing else', () => {
    const clock = new SetClock();
    clock.advance(100_000);
    const at = (agoMs: number): string => new Date(clock.wall() - agoMs).toISOString();
    const facts = {
      child: child(clock),
      lastExit: { code: 1, signal: null, at: at(30_000) },
      verdict: { answer: 'pass', detail: '', at: at(20_000) },
    } as never;
    const ages = new Ages(clock);
    ages.noteOlder(facts, 40_000);
    expect(ages.of(facts, clock.sinceBoot())).toEqual({ up: 60_000, lastExit: 30_000, test: 20_000 });
  });

  test('the age of an adopted child is what the system says, else by its date', () => {
    const clock = new SetClock();
    clock.advance(100_000);
    const facts = { child: child(clock), lastExit: null, verdict: null };
    clock.offset = 3_600_000;
    const told = new Ages(clock);
    told.noteOlder(facts, 40_000);
    expect(told.of(facts, clock.sinceBoot()).up).toBe(60_000);
    const dated = new Ages(clock);
    dated.noteOlder(facts, null);
    expect(dated.of(facts, clock.sinceBoot()).up).toBe(3_600_000);
    clock.offset = -3_600_000;
    const young = new Ages(clock);
    young.noteOlder(facts, null);
    expect(young.of(facts, clock.sinceBoot()).up).toBe(0);
    // The clock was read before the fact was noted.
    expect(young.of(facts, clock.sinceBoot() - 1).up).toBe(0);
  });
});
