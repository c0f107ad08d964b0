import type { Why } from '../../wire/messages.ts';
import { exitInWords } from './report-change.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import type { JobInstance } from '../../fleet/job-instance.ts';

/** Why an instance is in its state, in sentences: what it is, why, what comes next and what one can do. */
export function explain(fleet: Fleet, instance: JobInstance): readonly string[] {
  const { name, snapshot } = instance;
  const { context } = snapshot;
  const end = context.lastExit === null ? [] : [`Its last run ${exitInWords(context.lastExit)}.`];
  switch (instance.state) {
    case 'running':
      return [...running(instance), ...pendingChange(instance), ...(isUnseen(context.lastExit) ? end : [])];
    case 'starting':
      return starting(instance);
    case 'stopping':
      return stopping(instance);
    case 'testing':
      return ['Its test is running; what it says decides.'];
    case 'held':
      return [held(instance), nextTest(instance)];
    case 'stopped':
      return [`It was stopped by hand, and stays so until \`overseer start ${name}\`.`];
    case 'finished':
      return [
        ...end,
        `Its restart policy is "${context.policy.restart}", so it is not started again.`,
        `\`overseer start ${name}\` runs it once more; so does a change of its config.`,
      ];
    case 'failed':
      return [
        ...failure(instance),
        `It is started afresh by the next \`overseer\`, or by \`overseer start ${name}\`; \`overseer logs ${name}\` shows what it printed.`,
      ];
    case 'backoff':
      return [
        ...failure(instance),
        `It starts again at ${instance.nextStartAt ?? 'once'}; \`overseer start ${name}\` does so now.`,
      ];
    case 'waiting':
      return waiting(fleet, instance);
    default:
      return instance.state satisfies never;
  }
}

function nextTest({ snapshot, nextStartAt }: JobInstance): string {
  const { testIntervalMs } = snapshot.context.policy;
  const every = testIntervalMs === null ? '' : `every ${testIntervalMs / 1000} s and `;
  const due = nextStartAt === null ? '' : `, and when the job's time has come: ${nextStartAt}`;
  return `The test runs again ${every}at each \`overseer\`${due}.`;
}

function running({ job, snapshot }: JobInstance): string[] {
  const { verdict } = snapshot.context;
  if (job.test === null) return ['It is running.'];
  if (verdict === null) return ['It is running.', 'Its test has not run yet.'];
  if (verdict.verdict !== 'unknown') return [`It is running, and its test agrees: it ${verdict.detail}.`];
  return [
    'It is running.',
    `Its test gave no answer, so nothing was changed because of it: it ${verdict.detail}.`,
  ];
}

/** Of an exit like any other the facts below say enough. */
const isUnseen = (exit: JobInstance['snapshot']['context']['lastExit']): boolean =>
  exit !== null && exit.code === null && exit.signal === null;

function held({ snapshot }: JobInstance): string {
  const { verdict } = snapshot.context;
  if (verdict === null) return 'Its test has not said yet that it should be running.';
  if (verdict.verdict === 'unknown')
    return `Its test gave no answer, so it is not started: it ${verdict.detail}.`;
  return `Its test ${verdict.detail}, so it should not be running.`;
}

function stopping({ snapshot }: JobInstance): string[] {
  const { policy, child } = snapshot.context;
  if (snapshot.matches({ child: { Ending: 'Killing' } })) {
    return [
      `It was killed, but something of it lives on (process group ${child?.pid ?? 'unknown'}): it waits for a disk or a driver, or belongs to another user.`,
      'It is killed again each second; no second copy is started meanwhile.',
    ];
  }
  return [
    `It is on its way out: its process group has been signalled, and is killed after ${policy.stopTimeoutMs / 1000} s.`,
  ];
}

function pendingChange(instance: JobInstance): string[] {
  const { runSpec, spec } = instance.snapshot.context;
  return runSpec === spec ? [] : ['Its config has changed, but its test has not yet allowed the restart.'];
}

function starting({ snapshot, notReady }: JobInstance): string[] {
  const { startMs, readyTimeoutMs, hasReady } = snapshot.context.policy;
  if (!snapshot.matches({ child: { Up: { Starting: 'Probing' } } })) {
    return [
      'It has just been started.',
      `It counts as running when it has lived for ${startMs / 1000} s${hasReady ? ' and is ready' : ''}.`,
    ];
  }
  return [
    `It waits to be ready${notReady === null ? '' : `: ${notReady}`}.`,
    `When it is not ready within ${readyTimeoutMs / 1000} s, it counts as a failed start and is stopped.`,
  ];
}

function failure(instance: JobInstance): string[] {
  const { trouble, lastExit, failedStarts, verdict } = instance.snapshot.context;
  if (trouble !== null) return [`It could not be started: ${trouble}.`];
  if (verdict?.verdict === 'unknown') return [`Its test gave no answer: it ${verdict.detail}.`];
  const count = failedStarts > 1 ? `, ${failedStarts} failed starts in a row` : '';
  return lastExit === null ? [] : [`Its last run ${exitInWords(lastExit)}${count}.`];
}

function waiting(fleet: Fleet, instance: JobInstance): string[] {
  if (instance.snapshot.matches({ child: { Waiting: 'ForTime' } })) {
    const next = `It runs at ${instance.job.schedule ?? ''}: the next time is ${instance.nextStartAt ?? 'never'}.`;
    return [...failure(instance), next, `\`overseer start ${instance.name}\` runs it now.`];
  }
  const missing = fleet.dependencies(instance).filter(({ satisfies }) => !satisfies);
  return [`It waits for ${missing.map(({ name, state }) => `${name} (${state})`).join(', ')}.`];
}

/** The file that its newest restart was for, and what is wrong with its watch. */
function watched(fleet: Fleet, { name, snapshot }: JobInstance): readonly string[] {
  const watch = fleet.watchOf(name);
  if (watch === null) return [];
  const { last, remarks } = watch;
  const restart =
    last === null || last.run !== snapshot.context.run
      ? []
      : [`It was restarted because ${last.file} changed.`];
  return [...restart, ...remarks.map((remark) => `Its watch: ${remark}.`)];
}

/** The whole answer to `why`. */
export function whyAnswer(
  fleet: Fleet,
  instance: JobInstance,
  { log, history }: Pick<Why, 'log' | 'history'>,
): Why {
  const { job, snapshot } = instance;
  const { verdict } = snapshot.context;
  return {
    status: instance.status(),
    because: [...explain(fleet, instance), ...watched(fleet, instance)],
    command: inWords(job.command),
    cwd: job.cwd,
    testCommand: job.test === null ? null : inWords(job.test),
    testDetail: verdict?.detail ?? null,
    testOutput: verdict === null || verdict.output === '' ? null : verdict.output,
    restart: job.restart,
    log,
    history,
  };
}

function inWords({ exe, args }: { readonly exe: string; readonly args: readonly string[] }): string {
  return [exe, ...args]
    .map((word) =>
      /^[A-Za-z0-9_./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`,
    )
    .join(' ');
}
