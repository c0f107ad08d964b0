import type { Mutant } from './mutants.ts';

const processes = 'src/job/processes/os-processes.ts';

/** Planted bugs in processes, logs and exit records: only the simulation runs all of it. */
export const WORLD_PARTS: readonly Mutant[] = [
  {
    name: 'refused-search-is-forgotten',
    file: processes,
    find: 'if (child.boot === os.bootId()) strays.settle(',
    replace: 'if (child.boot !== os.bootId()) strays.settle(',
    why: 'processes that left the group live on if the system refused to list them when the job was stopped',
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
    why: 'a process that left the group of its job gets no stop signal',
  },
  {
    name: 'seen-before-its-end',
    file: processes,
    find: 'goneAt: groups.goneAt(child),',
    replace: 'goneAt: null,',
    why: 'what a crashed child left is looked for in a listing that is older than it',
  },
  {
    name: 'listed-before-the-stop',
    file: 'src/job/processes/escaped-processes.ts',
    find: 'return Math.max(decidedAt, goneAt ?? -Infinity);',
    replace: 'return goneAt ?? Math.min(decidedAt, 0);',
    why: 'a stop does not signal a process that left its group after the last listing',
  },
  {
    name: 'unrecorded-runs-are-not-searched-for',
    file: 'src/job/child-control.ts',
    find: 'const marker = hasEnded ? programs.environmentMarker()',
    replace: 'const marker = hasEnded || run > 1 ? programs.environmentMarker()',
    why: 'a search that a dying daemon cut short is not done again by all signs',
  },
  {
    name: 'rotated-without-a-pause',
    file: 'src/job/logs/rotate-log.ts',
    find: "if (mode === 'truncate' || pgid === null) return unpaused();",
    replace: 'if (mode !== null) return unpaused();',
    why: 'what a job writes between the last read of its log and the truncation is lost',
  },
  {
    name: 'paused-for-ever',
    file: 'src/job/logs/rotate-log.ts',
    find: '    await pause.resume();',
    replace: '    if (path === "") await pause.resume();',
    why: 'a job whose log was rotated stands still',
  },
  {
    name: 'times-of-the-replaced',
    file: 'src/job/logs/rotate-log.ts',
    find: 'disk.rmSync(logIndexOf(to), { force: true });',
    replace: 'if (from === to) disk.rmSync(logIndexOf(to), { force: true });',
    why: 'an older log keeps the times of the one that it replaces',
  },
  {
    name: 'older-than-a-gap-is-kept',
    file: 'src/job/logs/rotate-log.ts',
    find: 'if (begin > 0) dropRotated(path, 1, bounds.keep, disk);',
    replace: 'if (begin > 0) dropRotated(path, 9, 0, disk);',
    why: 'output is missing from the middle of what is kept',
  },
  {
    name: 'exit-words-turned-round',
    file: 'src/job/launch/exit-file.ts',
    find: "words !== '' && !words.includes('Done')",
    replace: "words !== '' && words.includes('Done')",
    why: 'a recorded exit by a signal is read as an exit code',
  },
  {
    name: 'what-was-there-is-news',
    file: 'src/job/watch/watch-tree.ts',
    find: 'if (this.#isKnown) this.#compare(before.files, found.files, named);',
    replace: 'this.#compare(before.files, found.files, named);',
    why: 'a job is restarted for files that were there when it was first watched',
  },
  {
    name: 'new-folders-are-not-watched',
    file: 'src/job/watch/watch-tree.ts',
    find: 'for (const [each, into] of found.folders) this.#found.folders.set(each, into);',
    replace:
      'for (const [each, into] of found.folders) if (each === path) this.#found.folders.set(each, into);',
    why: 'a job runs on although a file in a new folder of a new folder has changed',
  },
  {
    name: 'a-file-takes-back-a-stop',
    file: 'src/fleet/turns/job-turns.ts',
    find: "if (waiting !== null && waiting !== 'Apply') return;",
    replace: "if (waiting !== null && waiting === 'Die') return;",
    why: 'a job that waits to be stopped runs on because a watched file has changed',
  },
  {
    name: 'a-recovered-job-is-launched-twice',
    file: 'src/job/child-control.ts',
    find: 'if (this.#launch?.isReleased === false) this.#launch.launch.cancel();',
    replace: 'if (this.#launch?.isReleased === true) this.#launch.launch.cancel();',
    why: 'a job that an exception has interrupted is launched although it was stopped meanwhile',
  },
];
