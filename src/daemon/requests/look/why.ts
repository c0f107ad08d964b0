import { commandLine } from '../../../text/command-line.ts';
import type { Blocker, WhyFact } from '../../../plan/why-fact.ts';
import type { Why } from '../../../wire/messages.ts';
import type { JobInstance } from '../../../fleet/job-instance.ts';
import { obstacles, statesFor } from '../../../fleet/reach.ts';
import type { Outcome, RequestContext, RequestNamed } from '../context.ts';
import { withJobs } from '../context.ts';

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
    because: [
      ...explain({ fleet, history }, instance),
      ...watched({ fleet, history }, instance),
      ...lostLog(world, instance),
    ],
    command: commandLine(job.command),
    cwd: job.cwd,
    testCommand: job.test === null ? null : commandLine(job.test),
    testDetail: verdict?.detail ?? null,
    testOutput: verdict === null || verdict.output === '' ? null : verdict.output,
    restart: job.restart,
    watch: job.watch,
    waitsFor: blockersOf({ fleet, history }, instance),
    log: world.logPath(instance.name),
    history: history.changesOf(instance.name),
    runs: history.runsOf(instance.name),
  };
}

type Known = Pick<RequestContext, 'fleet' | 'history'>;

/** The facts that explain the state of an instance, and what comes next. */
function explain(known: Known, instance: JobInstance): readonly WhyFact[] {
  const { fault } = instance;
  const hookFailure = known.fleet.hookFailureOf(instance.name);
  return [
    ...explainState(known, instance),
    ...unhealthy(instance),
    ...(hookFailure === null ? [] : [{ kind: 'hookFailed', ...hookFailure } as const]),
    ...(fault === null ? [] : [{ kind: 'fault', ...fault } as const]),
  ];
}

function explainState(known: Known, instance: JobInstance): readonly WhyFact[] {
  const { context } = instance.snapshot;
  switch (instance.state) {
    case 'running':
      return [
        running(instance),
        ...pendingChange(known, instance),
        ...(isUnseen(context.lastExit) ? lastRun(instance) : []),
      ];
    case 'starting':
      return [starting(instance)];
    case 'stopping':
      return [stopping(known, instance)];
    case 'testing':
      return [{ kind: 'testing' }];
    case 'held':
      return instance.isHeldByConfig ? [{ kind: 'disabled' }] : [held(instance), nextTest(instance)];
    case 'stopped':
      return [{ kind: 'stoppedByHand' }];
    case 'finished':
      return [...lastRun(instance), { kind: 'finished', restart: context.policy.restart }];
    case 'failed':
      return [
        ...failure(instance),
        instance.hasEnded
          ? { kind: 'finished', restart: context.policy.restart }
          : { kind: 'failed', hasRun: context.lastExit !== null },
      ];
    case 'backoff':
      return [...failure(instance), { kind: 'startsAgain', at: instance.nextStartAt }];
    case 'waiting':
      return waiting(known, instance);
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

function stopping({ history }: Known, { name, snapshot, killedAt }: JobInstance): WhyFact {
  const { policy, child } = snapshot.context;
  if (snapshot.matches({ child: { Ending: 'Killing' } }))
    return { kind: 'killing', group: child?.pid ?? null };
  const last = history.changesOf(name).at(-1);
  const why = last?.state === 'stopping' ? last.detail : '';
  return { kind: 'stopping', why, stopTimeoutMs: policy.stopTimeoutMs, killedAt };
}

function unhealthy({ state, snapshot }: JobInstance): readonly WhyFact[] {
  const { unhealthy: end } = snapshot.context;
  const isOver = state === 'starting' || state === 'running';
  switch (end?.by) {
    case undefined:
      return [];
    case 'alive':
      return [{ kind: 'unhealthy', why: end.detail, isOver }];
    case 'memory':
      return [{ kind: 'overMemory', bytes: end.bytes, maxBytes: end.maxBytes, isOver }];
    default:
      return end satisfies never;
  }
}

function pendingChange({ fleet }: Known, instance: JobInstance): readonly WhyFact[] {
  if (!instance.hasOldConfig) return [];
  if (!instance.awaitsTurn) return [{ kind: 'changePending' }];
  const culprit = fleet.rollStoppedBy(instance);
  const stoppedBy = culprit === null ? null : { name: culprit.name, state: culprit.state };
  return [{ kind: 'awaitsTurn', stoppedBy }];
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

function waiting(known: Known, instance: JobInstance): readonly WhyFact[] {
  if (instance.snapshot.matches({ child: { Waiting: 'ForTime' } }))
    return [
      ...failure(instance),
      { kind: 'scheduled', schedule: instance.job.schedule ?? '', at: instance.nextStartAt },
    ];
  return [{ kind: 'waitsFor', jobs: blockersOf(known, instance) }];
}

const isWaitingForDependencies = ({ snapshot }: JobInstance): boolean =>
  snapshot.matches({ child: { Waiting: 'ForDependencies' } });

/** The jobs that keep an instance from starting, and the reasons for their states, each in full only once. */
function blockersOf(
  known: Known,
  instance: JobInstance,
  obstacleTo = obstacles(known.fleet),
  seen = new Set<string>(),
): readonly Blocker[] {
  if (seen.has(instance.name) || !isWaitingForDependencies(instance)) return [];
  seen.add(instance.name);
  return known.fleet.unmet(instance).map(({ other, is }): Blocker => {
    const { name, state } = other;
    const last = known.history.changesOf(name).at(-1);
    const isNow = last?.state === state;
    return {
      name,
      state,
      needs: is,
      detail: isNow ? last.detail : null,
      age: isNow ? last.age : null,
      waitsFor: blockersOf(known, other, obstacleTo, seen),
      isStuck: obstacleTo(other, statesFor(is, other)) !== null,
    };
  });
}

/** A program goes on writing to a log that somebody has deleted or replaced. */
function lostLog(
  { probes, logPath }: RequestContext['world'],
  { name, isUp, snapshot }: JobInstance,
): readonly WhyFact[] {
  const path = logPath(name);
  const is = isUp && snapshot.context.child !== null ? probes.logKind(path) : 'file';
  return is === 'file' ? [] : [{ kind: 'lostLog', path, is }];
}

/** The watched file whose change caused the newest restart, and problems with watching. */
function watched({ fleet, history }: Known, { name, isUp }: JobInstance): readonly WhyFact[] {
  const { remarks = [] } = fleet.watchOf(name) ?? {};
  const last = history.changesOf(name).at(-1);
  const file = isUp && last?.cause === 'watch' ? last.file : null;
  return [
    ...(file == null ? [] : [{ kind: 'restartedForFile', file } as const]),
    ...remarks.map((remark) => ({ kind: 'watch', remark }) as const),
  ];
}
