import type { Mutant } from './mutants.ts';

/** Planted bugs in who waits for whom. */
export const FLEET_PARTS: readonly Mutant[] = [
  {
    name: 'debts-forgotten',
    file: 'src/fleet/persisted/persisted-state.ts',
    find: '      this.#owed.set(key, write);\n      return error.message;',
    replace: '      return error.message;',
    why: 'a write that the disk refused is never tried again',
  },
  {
    name: 'one-shot-counts-while-it-runs',
    file: 'src/fleet/job-instance.ts',
    find: "return restart === 'never' && ready === null && schedule === null ? 'finished' : 'up';",
    replace: "return restart === 'never' && ready === null && schedule === null ? 'up' : 'up';",
    why: 'a dependent starts while its one-shot still runs',
  },
  {
    name: 'failed-one-shot-counts',
    file: 'src/fleet/job-instance.ts',
    find: "return this.state === 'finished' || (this.state === 'waiting'",
    replace: "return this.state === 'finished' || this.state === 'failed' || (this.state === 'waiting'",
    why: 'a dependent starts after its one-shot has failed',
  },
  {
    name: 'tags-wait-for-nobody',
    file: 'src/fleet/roster.ts',
    find: 'const named = this.named(word);',
    replace: "const named = word.startsWith('tag:') ? [] : this.named(word);",
    why: 'a job does not wait for the jobs of the tag that it comes after',
  },
  {
    name: 'failed-run-is-acknowledged',
    file: 'src/daemon/requests/steer/by-hand.ts',
    find: 'const ok = answer.ok && !(isJudged && names.some((name) => isDownAfterStart(name, fleet)));',
    replace: 'const ok = answer.ok;',
    why: 'a start says that all is well although the run failed',
  },
  {
    name: 'removal-that-waits-is-forgotten',
    file: 'src/fleet/fleet.ts',
    find: "    if (event === 'Remove') for (const name of names) this.#keepRemoval(name);\n",
    replace: '',
    why: 'the next daemon keeps a job whose removal waited for its turn',
  },
  {
    name: 'change-that-waits-is-forgotten',
    file: 'src/fleet/turns/config-changes.ts',
    find: '    if (roll === null) this.#writeAhead(instance);\n',
    replace: '',
    why: 'the next daemon starts a job with the config before the change that waited for its turn',
  },
  {
    name: 'ends-before-its-output',
    file: 'src/job/processes/paced-processes.ts',
    find: '(...end) => pace.do(() => on.exited(...end))',
    replace: '(exit) => pace.do(() => on.exited(exit, null))',
    why: 'a run counts as ended before its last output is in its log',
  },
];
