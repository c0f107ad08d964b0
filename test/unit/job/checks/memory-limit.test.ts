import { MemoryLimit } from '../../../../src/job/checks/memory-limit.ts';

/** A limit whose samples come from the test. */
function limited(maxBytes: number | null) {
  const told: string[] = [];
  const config = { maxBytes };
  let sampled: ((bytes: number) => boolean) | null = null;
  let open = 0;
  const subject = new MemoryLimit({
    memory: {
      sample: (_, on) => {
        sampled = on;
        open += 1;
        return {
          end: () => {
            sampled = null;
            open -= 1;
          },
        };
      },
    },
    maxBytes: () => config.maxBytes,
    onOver: (run, bytes) => told.push(`over ${run} ${bytes}`),
    onWithin: (run) => told.push(`within ${run}`),
  });
  return { subject, told, config, sample: (bytes: number) => sampled?.(bytes) ?? null, open: () => open };
}

const CHILD = { pid: 10, start: '1', boot: 'b' };

test('only samples above the limit are reported, and the first one below it after these', () => {
  const { subject, told, sample } = limited(100);
  subject.begin(3, CHILD, false);
  expect([50, 100, 101, 100, 99, 120].map(sample)).toEqual([false, false, true, false, false, true]);
  expect(told).toEqual(['over 3 101', 'within 3', 'over 3 120']);
});

test('a job that an earlier daemon saw above its limit is reported once it is below', () => {
  const { subject, told, sample } = limited(100);
  subject.begin(3, CHILD, true);
  sample(10);
  expect(told).toEqual(['within 3']);
});

test('a run is measured in place of the one before it', () => {
  const { subject, told, sample, open } = limited(100);
  subject.begin(1, CHILD, false);
  subject.begin(2, CHILD, false);
  sample(101);
  expect([told, open()]).toEqual([['over 2 101'], 1]);
  subject.end();
  expect(open()).toBe(0);
});

test('the limit of the present config counts, and without one nothing is measured', () => {
  const { subject, told, config, sample } = limited(100);
  subject.begin(1, CHILD, false);
  config.maxBytes = 200;
  expect(sample(150)).toBe(false);
  config.maxBytes = null;
  expect([sample(900), sample(900)]).toEqual([false, null]);
  subject.begin(2, CHILD, false);
  expect([sample(900), told]).toEqual([null, []]);
});
