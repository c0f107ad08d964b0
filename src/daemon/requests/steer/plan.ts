import { byInstanceName } from '../../../plan/names.ts';
import { jobEnvironment, testEnvironment } from '../../../job/environment.ts';
import type { JobWorld } from '../../../job/world.ts';
import { runTimed } from '../../../job/checks/timed-run.ts';
import { verdictOf } from '../../../job/checks/verdict.ts';
import type { TestEnd } from '../../../job/ports.ts';
import { decide, isHeldByConfig, NO_DIFF } from '../../../plan/decide.ts';
import type { KnownInstance, TestOutcome } from '../../../plan/decide.ts';
import type { Instance } from '../../../plan/instances.ts';
import { reasonFacts } from '../../../plan/reason-facts.ts';
import type { ReportedChange } from '../../../plan/change.ts';
import { readAccepted } from './accept-config.ts';
import type { Outcome, RequestContext, RequestNamed } from '../context.ts';
import { captureBefore, configDiffOf } from './report-change.ts';
import type { Fleet, FleetChange } from '../../../fleet/fleet.ts';
import { triggerOf } from './trigger.ts';
import { shownPid } from '../../../fleet/shown-pid.ts';

/** How many tests of a plan run at the same time. */
const TESTS_AT_ONCE = 16;

/** `plan`: what a trigger would do now. */
export async function plan(context: RequestContext, request: RequestNamed<'plan'>): Promise<Outcome> {
  const { fleet } = context;
  fleet.resume();
  const reading = await readAccepted(context, request);
  if (!reading.ok) return { ok: false, changes: [], problems: reading.problems };
  const wanted = triggerOf(request, reading, context);
  if (!wanted.ok) return { refusal: wanted.refusal };
  return { ok: true, problems: [], changes: await planChanges(fleet, wanted.trigger) };
}

/** What a trigger would do now, and why: runs every test that a trigger would run, and changes nothing. */
export async function planChanges(
  fleet: Fleet,
  { asked: configured, removed: gone }: FleetChange,
): Promise<readonly ReportedChange[]> {
  const removed = gone
    .flatMap((name) => fleet.get(name) ?? [])
    .map((instance): ReportedChange => ({
      job: instance.name,
      ...decide(captureBefore(instance).known, null, 'no-test'),
      facts: [],
      state: instance.state,
      pid: shownPid(instance.snapshot.context.child),
    }));
  const changes: ReportedChange[] = [...removed];
  const queue = [...configured];
  const worker = async (): Promise<void> => {
    for (let instance = queue.shift(); instance !== undefined; instance = queue.shift())
      changes.push(await planOne(fleet, instance));
  };
  await Promise.all(Array.from({ length: TESTS_AT_ONCE }, worker));
  return changes.toSorted((a, b) => byInstanceName(a.job, b.job));
}

async function planOne(fleet: Fleet, instance: Instance): Promise<ReportedChange> {
  const known = fleet.get(instance.name);
  const before = known === undefined ? null : captureBefore(known);
  const test = await testForPlan(fleet, instance, before?.known ?? null);
  const diff = before === null ? NO_DIFF : configDiffOf(before, instance.job);
  const decision = decide(before?.known ?? null, diff, test.outcome);
  const isDisabled = test.outcome === 'disabled';
  const facts = [
    ...reasonFacts(decision.reason, {
      asked: diff,
      test: test.detail,
      unhealthy: before?.context.unhealthy ?? null,
    }),
    ...(isDisabled ? [{ kind: 'disabled' } as const] : []),
    ...(decision.action === 'restart' && isRolling(instance.job) ? [{ kind: 'oneAtATime' } as const] : []),
  ];
  // The daemon's shutdown stopped the job, not a person, and its test has just failed: it stays down.
  const isHeld = before?.known.state === 'stopped' && (test.outcome === 'fail' || isDisabled);
  const now = known?.state ?? 'stopped';
  const { schedule, runAtStart } = instance.job;
  const isScheduled = decision.action === 'start' && now === 'stopped' && schedule !== null && !runAtStart;
  const state = isHeld ? 'held' : isScheduled ? 'waiting' : now;
  return { job: instance.name, ...decision, facts, state, pid: shownPid(known?.snapshot.context.child) };
}

const isRolling = ({ rolling, instances }: Instance['job']): boolean => rolling && (instances ?? 1) > 1;

interface TestEnded {
  readonly outcome: TestOutcome;
  /** How the test ended; null where none has run. */
  readonly detail: string | null;
}

function testForPlan(fleet: Fleet, instance: Instance, known: KnownInstance | null): Promise<TestEnded> {
  if (isHeldByConfig(known, instance.job.enabled))
    return Promise.resolve({ outcome: 'disabled', detail: null });
  return known?.isStoppedByHand === true
    ? Promise.resolve(noTest)
    : tryTest(instance, fleet.worldOf(instance.name));
}

const noTest: TestEnded = { outcome: 'no-test', detail: null };

function tryTest({ job, number }: Instance, world: JobWorld): Promise<TestEnded> {
  const { test } = job;
  if (test === null) return Promise.resolve(noTest);
  return new Promise((resolve) => {
    const program = {
      exe: test.exe,
      args: test.args,
      cwd: job.cwd,
      env: testEnvironment(jobEnvironment(world.baseEnvironment, job, number, world.folderId)),
    };
    const { processes, clock } = world;
    const limitMs = job.testTimeoutMs;
    const done = (end: TestEnd, isTimedOut: boolean): void => {
      timer.clear();
      const { verdict, detail } = verdictOf(end, isTimedOut ? limitMs : null);
      resolve({ outcome: verdict, detail });
    };
    const running = runTimed({ processes, clock, program, limitMs, done });
    const timer = clock.after(limitMs, () => running.timeOut());
  });
}
