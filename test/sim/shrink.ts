import type { Happening, Schedule } from './schedule.ts';

/** More runs than this are not spent on one failure. */
const RUNS_MOST = 400;

/** Leaves out all that is not needed for it to go wrong: first large parts, then single happenings. */
export async function shrink(
  schedule: Schedule,
  fails: (schedule: Schedule) => Promise<boolean>,
): Promise<Schedule> {
  let left = schedule;
  let runs = 0;
  const stillFails = async (happenings: readonly Happening[]): Promise<boolean> => {
    runs += 1;
    return runs <= RUNS_MOST && (await fails({ ...left, happenings }));
  };
  for (
    let size = Math.ceil(left.happenings.length / 2);
    size >= 1;
    size = size === 1 ? 0 : Math.ceil(size / 2)
  ) {
    for (let from = 0; from < left.happenings.length;) {
      const happenings = left.happenings.toSpliced(from, size);
      if (await stillFails(happenings)) left = { ...left, happenings };
      else from += size;
    }
  }
  return left;
}
