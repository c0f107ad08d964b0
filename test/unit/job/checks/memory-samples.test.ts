import { memorySamples } from '../../../../src/job/checks/memory-samples.ts';
import type { ChildIdentity, Processes } from '../../../../src/job/ports.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

type Look = Parameters<Processes['memoryOf']>;

/** A machine of which each look is answered when the test says so. */
function machine() {
  const clock = new FakeClock();
  const looks: { readonly pids: readonly number[]; readonly done: Look[1] }[] = [];
  const samples = memorySamples(clock, {
    memoryOf: (children, done) => void looks.push({ pids: children.map(({ pid }) => pid), done }),
  });
  return { clock, looks, samples };
}

const child = (pid: number): ChildIdentity => ({ pid, start: '1', boot: 'b' });

test('all jobs with a limit are measured by one timer and one look', () => {
  const { clock, looks, samples } = machine();
  expect(clock.pending).toBe(0);
  const seen: string[] = [];
  const sampled = (name: string) => (bytes: number) => {
    seen.push(`${name} ${bytes}`);
    return false;
  };
  const jobs = [samples.sample(child(10), sampled('a')), samples.sample(child(20), sampled('b'))];
  expect(clock.pending).toBe(1);
  clock.advance(5_000);
  expect([looks.map(({ pids }) => pids), clock.pending]).toEqual([[[10, 20]], 0]);
  looks[0]!.done(
    new Map([
      [10, 7],
      [20, 8],
    ]),
  );
  expect([seen, clock.pending]).toEqual([['a 7', 'b 8'], 1]);
  for (const job of jobs) job.end();
  expect(clock.pending).toBe(0);
});

test('a job with a limit is measured also after there was none for a while', () => {
  const { clock, looks, samples } = machine();
  for (const pid of [10, 20]) {
    const job = samples.sample(child(pid), () => false);
    clock.advance(5_000);
    looks.at(-1)!.done(new Map());
    job.end();
    expect(clock.pending).toBe(0);
  }
  expect(looks.map(({ pids }) => pids)).toEqual([[10], [20]]);
});

test('a sample above its limit is soon followed by another', () => {
  const { clock, looks, samples } = machine();
  samples.sample(child(10), (bytes) => bytes > 5);
  clock.advance(5_000);
  looks[0]!.done(new Map([[10, 6]]));
  clock.advance(1_000);
  expect(looks).toHaveLength(2);
  looks[1]!.done(new Map([[10, 5]]));
  clock.advance(4_999);
  expect(looks).toHaveLength(2);
});

test('a look that fails, a child that is gone and a job that ends meanwhile do no harm', () => {
  const { clock, looks, samples } = machine();
  const seen: number[] = [];
  const first = samples.sample(child(10), (bytes) => {
    seen.push(bytes);
    second.end();
    return true;
  });
  const second = samples.sample(child(20), (bytes) => {
    seen.push(bytes);
    return false;
  });
  clock.advance(5_000);
  looks[0]!.done(null);
  clock.advance(5_000);
  looks[1]!.done(
    new Map([
      [10, 1],
      [20, 2],
    ]),
  );
  expect(seen).toEqual([1]);
  clock.advance(1_000);
  expect(looks[2]!.pids).toEqual([10]);
  first.end();
  looks[2]!.done(new Map());
  expect(clock.pending).toBe(0);
});
