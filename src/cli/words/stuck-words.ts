import { exitInWords } from '../../plan/exit-words.ts';
import type { Blocked, Waited } from '../../wire/messages.ts';

/** `B waits for A, which is failed: exited with 1`; several with commas between them. */
export function stuckWords(stuck: Waited['stuck']): string {
  return stuck
    .map(({ job, state, because }) =>
      state === null ? `${job} was removed` : blockedWords(job, { state, because }),
    )
    .join(', ');
}

function blockedWords(
  job: string,
  { state, because }: Pick<Waited['stuck'][number], 'state' | 'because'>,
): string {
  const root = because.at(-1);
  if (root === undefined) return `${job} is ${state}`;
  if (because.length === 1) return `${job} ${stateWords(root)}`;
  const between = because.slice(1, -1).map(({ name }) => `${name}, which waits for `);
  return `${job} waits for ${between.join('')}${root.name}, which ${stateWords(root)}`;
}

const NEVER: Readonly<Record<NonNullable<Blocked['never']>, (state: string) => string>> = {
  restarts: (state) => `is ${state} and is started again whenever it ends`,
  scheduled: () => 'runs on a schedule and is waiting again after each run',
  untested: (state) => `is ${state} and has no test`,
};

function stateWords({ state, exit, never }: Blocked): string {
  if (never !== null) return NEVER[never](state);
  const isKnown = exit !== null && (exit.code !== null || exit.signal !== null);
  return isKnown ? `is ${state}: ${exitInWords(exit)}` : `is ${state}`;
}
