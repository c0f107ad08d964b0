import type { Mutant } from './mutants.ts';

const processes = 'src/job/processes/os-processes.ts';

/** Planted bugs in how the processes of jobs are found: only the simulation runs all of it. */
export const WORLD_PARTS: readonly Mutant[] = [
  {
    name: 'refused-search-is-forgotten',
    file: processes,
    find: 'if (child.boot === os.bootId()) strays.settle(',
    replace: 'if (child.boot !== os.bootId()) strays.settle(',
    why: 'what left its group lives on where the system could not be asked for it when the job was stopped',
  },
  {
    name: 'orphaned-tests-run-on',
    file: processes,
    find: 'asked(undefined, () => strays.kill(ID_NAME, mark))',
    replace: 'asked(undefined, () => strays.kill(ID_NAME, `${mark}s`))',
    why: 'the tests of a dead daemon run on',
  },
  {
    name: 'strays-are-not-signalled',
    file: processes,
    find: 'asked(undefined, () => strays.signal(found, name));',
    replace: 'asked(undefined, () => strays.signal(found.slice(1), name));',
    why: 'a process that left the group of its job is not told to end',
  },
  {
    name: 'unrecorded-runs-are-not-searched-for',
    file: 'src/job/child-control.ts',
    find: 'const marker = hasEnded ? programs.environmentMarker()',
    replace: 'const marker = hasEnded || run > 1 ? programs.environmentMarker()',
    why: 'a search that a dying daemon cut short is not done again by all signs',
  },
];
