import type { WhyFact } from '../../plan/why-fact.ts';
import type { Why } from '../../wire/messages.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import type { JobInstance } from '../../fleet/job-instance.ts';
import type { Outcome, RequestContext, RequestNamed } from './context.ts';
import { withJobs } from './context.ts';

export function why(context: RequestContext, { job }: RequestNamed<'why'>): Outcome | Promise<Outcome> {
  context.fleet.resume();
  return withJobs(context, { names: [job], all: false }, (jobs) => ({
    jobs: jobs.map((instance) => whyOf(context, instance)),
  }));
}

function whyOf({ fleet, history, world }: RequestContext, instance: JobInstance): Why {
  const { job, snapshot } = instance;
  const { verdict } = snapshot.context;
  return {
    status: instance.status(),
    because: [...explain(fleet, instance), ...watched(fleet, instance)],
    command: commandLine(job.command),
    cwd: job.cwd,
    testCommand: job.test === null ? null : commandLine(job.test),
    testDetail: verdict?.detail ?? null,
    testOutput: verdict === null || verdict.output === '' ? null : verdict.output,
    restart: job.restart,
    log: world.logPath(instance.name),
    history: history.of(instance.name),
  };
}

/** The facts that explain the state of an instance, and what comes next. */
function explain(fleet: Fleet, instance: JobInstance): readonly WhyFact[] {
  const { fault } = instance;
  return [
    ...explainState(fleet, instance),
    ...(fault === null ? [] : [{ kind: 'fault', ...fault } as const]),
  ];
}

function explainState(fleet: Fleet, instance: JobInstance): readonly WhyFact[] {
  const { context } = instance.snapshot;
  switch (instance.state) {
    case 'running':
      return [
        running(instance),
        ...pendingChange(instance),
        ...(isUnseen(context.lastExit) ? lastRun(instance) : []),
      ];
    case 'starting':
      return [starting(instance)];
    case 'stopping':
      return [stopping(instance)];
    case 'testing':
      return [{ kind: 'testing' }];
    case 'held':
      return [held(instance), nextTest(instance)];
    case 'stopped':
      return [{ kind: 'stoppedByHand' }];
    case 'finished':
      return [...lastRun(instance), { kind: 'finished', restart: context.policy.restart }];
    case 'failed':
      return [
        ...failure(instance),
        instance.hasEnded ? { kind: 'finished', restart: context.policy.restart } : { kind: 'failed' },
      ];
    case 'backoff':
      return [...failure(instance), { kind: 'startsAgain', at: instance.nextStartAt }];
    case 'waiting':
      return waiting(fleet, instance);
    default:
      return instance.state satisfies never;
  }
}

function nextTest({ snapshot, nextStartAt }: JobInstance): WhyFact {
  return { kind: 'nextTest', everyMs: snapshot.context.policy.testIntervalMs, at: nextStartAt };
}

function running({ job, snapshot }: JobInstance): WhyFact {
  const { verdict } = snapshot.context;
  const test = { verdict: verdict?.verdict ?? null, detail: verdict?.detail ?? '' };
  return { kind: 'running', test: job.test === null ? null : test };
}

/** Whether neither exit code nor signal is known. Other exits of a running job are shown with its status. */
const isUnseen = (exit: JobInstance['snapshot']['context']['lastExit']): boolean =>
  exit !== null && exit.code === null && exit.signal === null;

function held({ snapshot }: JobInstance): WhyFact {
  const { verdict } = snapshot.context;
  return { kind: 'held', verdict: verdict?.verdict ?? null, detail: verdict?.detail ?? '' };
}

function stopping({ snapshot }: JobInstance): WhyFact {
  const { policy, child } = snapshot.context;
  return snapshot.matches({ child: { Ending: 'Killing' } })
    ? { kind: 'killing', group: child?.pid ?? null }
    : { kind: 'stopping', stopTimeoutMs: policy.stopTimeoutMs };
}

function pendingChange(instance: JobInstance): readonly WhyFact[] {
  const { runSpec, spec } = instance.snapshot.context;
  return runSpec === spec ? [] : [{ kind: 'changePending' }];
}

function starting({ snapshot, notReady }: JobInstance): WhyFact {
  const { startMs, readyTimeoutMs, hasReady } = snapshot.context.policy;
  return snapshot.matches({ child: { Up: { Starting: 'Probing' } } })
    ? { kind: 'probing', notReady, readyTimeoutMs }
    : { kind: 'settling', startMs, hasReady };
}

function failure(instance: JobInstance): readonly WhyFact[] {
  const { startError, verdict, failures } = instance.snapshot.context;
  if (startError !== null) return [{ kind: 'notStarted', why: startError }];
  if (verdict?.verdict === 'unknown') return [{ kind: 'testUnknown', detail: verdict.detail }];
  return lastRun(instance, failures);
}

function lastRun({ snapshot }: JobInstance, failures = 0): readonly WhyFact[] {
  const { lastExit } = snapshot.context;
  if (lastExit === null) return [];
  return [{ kind: 'ended', code: lastExit.code, signal: lastExit.signal, failures }];
}

function waiting(fleet: Fleet, instance: JobInstance): readonly WhyFact[] {
  if (instance.snapshot.matches({ child: { Waiting: 'ForTime' } }))
    return [
      ...failure(instance),
      { kind: 'scheduled', schedule: instance.job.schedule ?? '', at: instance.nextStartAt },
    ];
  const jobs = fleet.unmet(instance).map(({ other: { name, state } }) => ({ name, state }));
  return [{ kind: 'waitsFor', jobs }];
}

/** The watched file whose change caused the newest restart, and problems with watching. */
function watched(fleet: Fleet, { name, snapshot }: JobInstance): readonly WhyFact[] {
  const watch = fleet.watchOf(name);
  if (watch === null) return [];
  const { last, remarks } = watch;
  return [
    ...(last === null || last.run !== snapshot.context.run
      ? []
      : [{ kind: 'restartedForFile', file: last.file } as const]),
    ...remarks.map((remark) => ({ kind: 'watch', remark }) as const),
  ];
}

/** A command as a user would type it in a shell. */
function commandLine({ exe, args }: { readonly exe: string; readonly args: readonly string[] }): string {
  return [exe, ...args]
    .map((word) =>
      /^[A-Za-z0-9_./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`,
    )
    .join(' ');
}
