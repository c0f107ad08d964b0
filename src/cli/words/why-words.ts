import { asPredicate, exitInWords } from '../../plan/exit-words.ts';
import { overMemoryWords } from '../../plan/over-memory-words.ts';
import { duration } from '../../text/duration.ts';
import type { Blocker, WhyFact } from '../../plan/why-fact.ts';
import type { Why } from '../../wire/messages.ts';
import type { MomentWords } from './change-words.ts';

/** The answer to `why` as `--json` prints it. */
export interface WhyJson extends Omit<Why, 'because'> {
  readonly because: readonly string[];
}

/**
 * Explains the state of a job in sentences: the state, the reason, what comes next, and what the user can do.
 */
export function whySentences({ because, status }: Why, moment: MomentWords): readonly string[] {
  return because.flatMap((fact) => sentencesOf(fact, status.name, moment));
}

function faultWords(
  { at, message, count, isRefusal }: Extract<WhyFact, { kind: 'fault' }>,
  moment: MomentWords,
): readonly string[] {
  const times = count === 1 ? `at ${moment(at)}` : `${count} times, last at ${moment(at)}`;
  if (isRefusal) return [`The system refused overseer something for this job ${times}: ${message}.`];
  return [
    `overseer itself failed at something for this job ${times}: ${message}.`,
    "That is a bug of overseer's; overseerd.log in the data folder says where, please report it.",
  ];
}

function awaitsTurnWords(
  stoppedBy: Extract<WhyFact, { kind: 'awaitsTurn' }>['stoppedBy'],
): readonly string[] {
  const old = 'It still has its old config: copies of this job are replaced one at a time.';
  if (stoppedBy === null) return [old];
  const { name, state } = stoppedBy;
  return [
    old,
    `It was not replaced, because ${name} is ${state}. The next \`overseer\` goes on; ` +
      'if the copy has to start before that, it has the new config.',
  ];
}

function sentencesOf(fact: WhyFact, name: string, moment: MomentWords): readonly string[] {
  switch (fact.kind) {
    case 'running':
      return runningWords(fact);
    case 'changePending':
      return ['Its config has changed, but its test has not yet allowed the restart.'];
    case 'awaitsTurn':
      return awaitsTurnWords(fact.stoppedBy);
    case 'fault':
      return faultWords(fact, moment);
    case 'restartedForFile':
      return [`It was restarted because ${fact.file} changed.`];
    case 'watch':
      return [`Its watch: ${fact.remark}.`];
    case 'lostLog':
      return lostLogWords(fact, name);
    case 'settling':
      return [
        'It has just been started.',
        'It counts as running when it has lived for ' +
          `${seconds(fact.startMs)}${fact.hasReady ? ' and is ready' : ''}.`,
      ];
    case 'probing':
      return [
        `It waits to be ready${fact.notReady === null ? '' : `: ${fact.notReady}`}.`,
        `When it is not ready within ${seconds(fact.readyTimeoutMs)}, it counts as a failed start ` +
          'and is stopped.',
      ];
    case 'stopping':
      return [
        `It is being stopped${fact.why === '' ? '' : ` (${fact.why})`}: its process group has ` +
          'been signalled.',
        fact.killedAt === null
          ? `It is killed after ${seconds(fact.stopTimeoutMs)}.`
          : `It is killed at ${moment(fact.killedAt)}, unless it is gone by then.`,
      ];
    case 'killing':
      return [
        `It was killed, but something of it lives on (process group ${fact.group ?? 'unknown'}): ` +
          'it waits for a disk or a driver, or belongs to another user.',
        'It is killed again each second; no second copy is started meanwhile.',
      ];
    case 'testing':
      return ['Its test is running; what it says decides.'];
    case 'held':
      return [heldWords(fact)];
    case 'nextTest': {
      const every = fact.everyMs === null ? '' : `every ${seconds(fact.everyMs)} and `;
      const due = fact.at === null ? '' : `, and when the job's time has come: ${moment(fact.at)}`;
      return [`The test runs again ${every}at each \`overseer\`${due}.`];
    }
    case 'stoppedByHand':
      return [`It was stopped by hand, and stays so until \`overseer start ${name}\`.`];
    case 'disabled':
      return [`It is disabled in the config: only \`overseer start ${name}\` starts it.`];
    case 'ended': {
      const count = fact.failures > 1 ? `, ${fact.failures} failures in a row` : '';
      return [`Its last run ${asPredicate(exitInWords(fact))}${count}.`];
    }
    case 'finished':
      return [
        `Its restart policy is "${fact.restart}", so it is not started again.`,
        `\`overseer start ${name}\` runs it once more; so does a change of its config.`,
      ];
    case 'notStarted':
      return [`It could not be started: ${fact.why}.`];
    case 'unhealthy':
      return [`${endedWords(fact)} because its alive check failed: ${fact.why}.`];
    case 'overMemory':
      return [`${endedWords(fact)} because ${overMemoryWords(fact)}.`];
    case 'hookFailed':
      return [`Its hook for ${fact.state} failed at ${moment(fact.at)}: it ${asPredicate(fact.detail)}.`];
    case 'testUnknown':
      return [`Its test gave no answer: it ${asPredicate(fact.detail)}.`];
    case 'failed': {
      const logs = fact.hasRun ? `; \`overseer logs ${name}\` shows what it printed` : '';
      return [`It is started afresh by the next \`overseer\`, or by \`overseer start ${name}\`${logs}.`];
    }
    case 'startsAgain':
      return [
        `It starts again at ${fact.at === null ? 'once' : moment(fact.at)}; \`overseer start ` +
          `${name}\` does so now.`,
      ];
    case 'scheduled':
      return [
        `Its schedule is "${fact.schedule}"; ` +
          (fact.at === null ? 'such a time never comes.' : `its next run is at ${moment(fact.at)}.`),
        `\`overseer start ${name}\` runs it now.`,
      ];
    case 'waitsFor':
      return waitingWords(fact.jobs);
    default:
      return fact satisfies never;
  }
}

function lostLogWords({ path, is }: Extract<WhyFact, { kind: 'lostLog' }>, name: string): readonly string[] {
  return is === null
    ? [`Its log was deleted: what it prints is lost until \`overseer restart ${name}\` begins a new log.`]
    : [
        `Its log is lost: ${path} is a ${is} now. Move it away; then \`overseer restart ${name}\` begins ` +
          'a new log.',
      ];
}

const endedWords = ({ isOver }: { readonly isOver: boolean }): string =>
  isOver ? 'It was restarted' : 'It was stopped';

/** `Waiting for db: stopped by hand 3m 12s ago.`, each with what would change it. */
function waitingWords(jobs: readonly Blocker[]): readonly string[] {
  return jobs.flatMap((job) => {
    const chain = chainOf(job);
    const root = chain.at(-1) ?? job;
    const names = chain.map(({ name }) => name).join(', which waits for ');
    return [`Waiting for ${names}: ${blockerWords(root)}.`, ...cureWords(root)];
  });
}

/** The chain of jobs from a dependency to the job that blocks it. */
function chainOf(job: Blocker): readonly Blocker[] {
  const next = job.waitsFor.find(({ isStuck }) => isStuck) ?? job.waitsFor[0];
  return next === undefined ? [job] : [job, ...chainOf(next)];
}

function blockerWords({ state, detail, age, needs, isStuck }: Blocker): string {
  if (state === 'running') {
    const running = `running${age === null ? '' : ` for ${duration(age)}`}`;
    if (needs !== 'finished') return running;
    return isStuck
      ? `${running}; it never finishes, since it is started again whenever it ends`
      : `${running}; it has to finish first`;
  }
  // `stopped by hand` already names the state.
  const why =
    detail === null || detail === '' ? state : detail.startsWith(state) ? detail : `${state}, ${detail}`;
  const since = age === null ? '' : ` ${duration(age)} ago`;
  return `${why}${since}`;
}

function cureWords({ name, state, isStuck }: Blocker): readonly string[] {
  if (state === 'stopped') return [`\`overseer start ${name}\` starts it.`];
  if (!isStuck) return [];
  if (state === 'running')
    return ['With `restart = "never"` it finishes; `is = "running"` waits for its start only.'];
  return [`It will not come up by itself; \`overseer why ${name}\` says what to do.`];
}

const seconds = (ms: number): string => `${ms / 1000} s`;

function runningWords({ test }: Extract<WhyFact, { kind: 'running' }>): readonly string[] {
  if (test === null) return ['It is running.'];
  if (test.verdict === null) return ['It is running.', 'Its test has not run yet.'];
  if (test.verdict !== 'unknown') return [`It is running, and its test agrees: it ${test.detail}.`];
  return [
    'It is running.',
    `Its test gave no answer, so nothing was changed because of it: it ${asPredicate(test.detail)}.`,
  ];
}

function heldWords({ verdict, detail }: Extract<WhyFact, { kind: 'held' }>): string {
  if (verdict === null) return 'Its test has not said yet that it should be running.';
  if (verdict === 'unknown')
    return `Its test gave no answer, so it is not started: it ${asPredicate(detail)}.`;
  return `Its test ${detail}, so it should not be running.`;
}
