import { logOf } from '../../src/data-folder.ts';
import type { Job } from '../../src/config/config.ts';
import { instancesOf, type Instance } from '../../src/plan/instances.ts';
import type { Report, Request, Status } from '../../src/wire/messages.ts';
import { isTagWord } from '../../src/config/tag-word.ts';
import type { Answer } from './connection.ts';
import { everyInstance } from './promises.ts';
import { LOGS } from './sim-os.ts';
import { CONFIG_DIR, FAULTS_MS } from './schedule.ts';
import { awaitedOf, type Sketch } from './sketch.ts';
import { ask, launchDaemon } from './users.ts';
import type { World } from './world.ts';

/** By then all that is wanted must live, and nothing else. */
const SETTLED_MS = FAULTS_MS + 25_000;
const STEP_MS = 3_000;
const DIE_MS = 20_000;
export const END_MS = SETTLED_MS + 5 * STEP_MS + DIE_MS;

/**
 * How often an apply is retried. A DIE just before the end of the faults stops up to four jobs in a row, and
 * each may need its whole stop timeout of two seconds and a SIGKILL.
 */
const APPLY_TRIES = 12;

const APPLY: Request = { name: 'apply', configDir: CONFIG_DIR, wait: true, allowEmpty: true };
const STATUS: Request = { name: 'status', jobs: [] };
const PLAN: Request = { name: 'plan', configDir: CONFIG_DIR, allowEmpty: true };

/** No program takes longer to answer, with its start. */
const SLOWEST_READY_MS = 5_000;

/** How much may be set in a daemon at rest: for itself, and for each job. */
const TIMERS_OF_DAEMON = 4;
const TIMERS_OF_JOB = 4;

/** The faults end; from then on the daemon must bring everything in order, and keep it so. */
export function plan(world: World): void {
  const { timeline, schedule } = world;
  const at = (ms: number, act: () => void): void => void timeline.after(ms, act);
  at(FAULTS_MS, () => calm(world));
  at(SETTLED_MS, () => checkAtRest(world));
  at(SETTLED_MS + 1, () =>
    schedule.endsWithApply ? planAndApplyAgain(world) : must(world, STATUS, () => undefined),
  );
  at(SETTLED_MS + 4 * STEP_MS, () => {
    checkTimers(world);
    world.hooks.checkAtRest();
  });
  at(SETTLED_MS + 4 * STEP_MS + 1, () =>
    must(world, { name: 'DIE', keepJobs: schedule.seed % 3 === 0 }, () => undefined, DIE_MS),
  );
  at(END_MS - 1, () => {
    checkOver(world);
    world.hooks.checkAtRest({ isOver: true });
  });
}

function calm(world: World): void {
  world.isCalm = true;
  world.story.tell(() => 'the faults end');
  for (const [job, says] of world.tests) if (says === 'hang') world.tests.set(job, 'unknown');
  if (world.schedule.endsWithApply) applyUntilHeeded(world, APPLY_TRIES);
  else
    for (const seconds of [0, 4, 8])
      world.timeline.after(seconds * 1_000, () => world.owner ?? launchDaemon(world));
}

/** A daemon that is just shutting down says that it is busy. */
function applyUntilHeeded(world: World, tries: number): void {
  if (tries === 0) return world.violate('an apply without any faults is never heeded');
  ask(world, APPLY, {
    onEnd: (answer) => {
      // Whoever is told so late that the daemon ends does not begin another one.
      if (answer?.kind !== 'answer' && world.timeline.now < SETTLED_MS)
        world.timeline.after(1_000, () => applyUntilHeeded(world, tries - 1));
    },
  });
}

/** Without faults each request is answered before the next step. */
function must(
  world: World,
  request: Request,
  onAnswer: (answer: Answer) => void,
  withinMs = STEP_MS - 1,
): void {
  let answered: Answer | null = null;
  ask(world, request, { onEnd: (answer) => (answered = answer) });
  world.timeline.after(withinMs, () => {
    if (answered === null) world.violate(`${request.name} is not answered although there are no faults`);
    else onAnswer(answered);
  });
}

/**
 * A request that repeats what was asked for already, and the jobs whose last test could not be started
 * by then, with those that come after them.
 */
interface Repeated {
  readonly what: string;
  readonly untested: ReadonlySet<string>;
}

/** A job that failed meanwhile gets a fresh start from every trigger, so it is left out. */
function checkNothingToDo(world: World, { what, untested }: Repeated, answer: Answer): void {
  const changes = answer.kind === 'answer' ? (answer.answer as Report).changes : [];
  // A test that had no answer moves nothing, and the next one may have one.
  const isNews = (job: string, reason: string): boolean =>
    untested.has(job) || (world.schedule.throws !== undefined && reason.startsWith('test-'));
  for (const { job, action, reason } of changes)
    if (action !== 'none' && !isNews(job, reason))
      world.violate(`${what} of the config that is in force says ${action} ${job}, ${reason}`);
}

function planAndApplyAgain(world: World): void {
  must(world, STATUS, (answer) => {
    const jobs = answer.kind === 'answer' ? (answer.answer as Status).jobs : [];
    if (jobs.some(({ state }) => state === 'failed' || state === 'backoff')) return;
    // A roll that stopped is gone on with by the next trigger, also where all copies are up by now.
    const isLeftOut = ({ job, hasOldConfig }: Status['jobs'][number]): boolean =>
      hasOldConfig === true && world.config.jobs.some(({ name, rolling }) => name === job && rolling);
    if (jobs.some(isLeftOut)) return;
    const untested = withDependents(world, world.unstartedTests);
    must(world, PLAN, (forecast) => {
      checkNothingToDo(world, { what: 'a plan', untested }, forecast);
      applyAgain(world, untested);
    });
  });
}

/** These instances, and all that come after them. */
function withDependents({ config }: World, names: ReadonlySet<string>): ReadonlySet<string> {
  const instances = instancesOf(config);
  const found = new Set(names);
  const comesAfterOne = ({ job }: Instance): boolean =>
    instances.some((other) => found.has(other.name) && awaitedOf(job, other) !== null);
  for (;;) {
    const next = instances.filter((each) => !found.has(each.name) && comesAfterOne(each));
    if (next.length === 0) return found;
    for (const { name } of next) found.add(name);
  }
}

function applyAgain(world: World, untested: ReadonlySet<string>): void {
  // A job whose test can be started only now may come after one that never ends.
  if (untested.size > 0 && waitsForAnEnd(world, APPLY)) return;
  const before = world.watch.touches;
  must(world, APPLY, (answer) => {
    checkNothingToDo(world, { what: 'a second apply', untested }, answer);
    const isScheduled = world.config.jobs.some(({ schedule }) => schedule !== null);
    if (!isScheduled && untested.size === 0 && world.watch.touches !== before)
      world.violate('a second apply touches a process');
  });
}

function checkAtRest(world: World): void {
  const { config } = world.ledger;
  for (const daemon of world.daemons) {
    for (const { request } of daemon.connections)
      if (!waitsForAnEnd(world, request)) world.violate(`${request?.name} has not been answered at rest`);
  }
  checkTests(world);
  world.logs.check((instance) => logOf(LOGS, instance));
  const jobs = new Map(config === null ? [] : instancesOf(config).map(({ name, job }) => [name, job]));
  for (const instance of everyInstance(world)) {
    const alive = world.watch.aliveOf(instance).length;
    const programs = world.programsOf(instance).length;
    const job = jobs.get(instance);
    if (config !== null && job === undefined && alive > 0)
      world.violate(`${instance} lives, which no config names`);
    if (job === undefined) continue;
    const wanted = isWanted(world, instance, job);
    if (wanted === false && alive > 0) world.violate(`${instance} lives although it is not wanted`);
    if (wanted === true && programs !== 1) world.violate(`${instance} is wanted, and ${programs} of it live`);
  }
}

/** What a dead daemon was testing is ended by the next one, which knows it by its environment. */
function checkTests(world: World): void {
  const { table, showsMarkers, hasBlindSpells } = world;
  const orphan = table.all.find(
    ({ role, isZombie, parent }) => role === 'test' && !isZombie && parent === table.init,
  );
  if (orphan !== undefined && showsMarkers && !hasBlindSpells)
    world.violate(`a test of a daemon that is dead runs on, pid ${orphan.pid}`);
}

/**
 * A start by hand waits for the end of a one-shot or a scheduled run, and a trigger for a one-shot that
 * others depend on. Some of them never end.
 */
function waitsForAnEnd({ watch, schedule }: World, request: Request | null | undefined): boolean {
  const every = Object.keys(schedule.sketches).flatMap((name) => watch.sketchesOf(name));
  const dependencies = new Set(
    every.flatMap(({ after }) =>
      after.flatMap((word) => (isTagWord(word) ? Object.keys(schedule.sketches) : [word])),
    ),
  );
  const mayFinish = (name: string): boolean =>
    every.some(({ afterIs }) => afterIs?.[name] === 'finished') &&
    watch.sketchesOf(name).some(({ restart, schedule: times }) => restart !== 'always' || times !== null);
  const isOneShot = ({ restart, isProbed }: Sketch): boolean => restart === 'never' && !isProbed;
  const waitsForOne = [...dependencies].some(
    (name) => mayFinish(name) || watch.sketchesOf(name).some(isOneShot),
  );
  const waits = waitsForOne || Object.keys(schedule.sketches).some((name) => mayMissItsWord(watch, name));
  if (request?.name === 'start' || request?.name === 'restart')
    return request.wait && (waits || every.some((each) => isOneShot(each) || each.schedule !== null));
  return request?.name === 'apply' && request.wait && waits;
}

/**
 * A program says only once that it is ready. When a config asks for that later, the log may have been
 * rotated since, and the start then takes as long as it may.
 */
function mayMissItsWord(watch: World['watch'], name: string): boolean {
  const sketches = watch.sketchesOf(name);
  return sketches.some(({ saysReady }) => saysReady) && !sketches.every(({ saysReady }) => saysReady);
}

/** null where both are right, or nobody can know. */
function isWanted(world: World, instance: string, job: Job): boolean | null {
  const { ledger, watch, schedule, tests } = world;
  if (ledger.isHeld(instance)) return false;
  if (!ledger.isFree(instance) || job.schedule !== null) return null;
  if (!job.enabled) return ledger.wasEverStarted(instance) || !schedule.endsWithApply ? null : false;
  const says = job.test === null ? 'pass' : (tests.get(job.name) ?? 'pass');
  if (says === 'unknown') return null;
  if (world.unstartedTests.has(instance)) return null;
  // A test that could not be started gave no answer, and nothing asks again.
  if (schedule.throws !== undefined && !schedule.endsWithApply && job.test !== null) return null;
  const isFresh =
    schedule.endsWithApply ||
    !schedule.happenings.some((each) => each.kind === 'test' && each.job === job.name);
  if (!isFresh) return null;
  if (says === 'fail') return schedule.endsWithApply ? false : null;
  // It may be slower than its `within`.
  if ((job.ready?.withinMs ?? SLOWEST_READY_MS) < SLOWEST_READY_MS) return null;
  if (job.maxRestarts > 0 || (!schedule.endsWithApply && watch.hasFailedForGood(instance))) return null;
  if (!waitsForNobody(world, job)) return null;
  return mayHaveFinished(world, instance, job) ? null : true;
}

function waitsForNobody(world: World, job: Job): boolean {
  const { config } = world.ledger;
  if (config === null) return false;
  return instancesOf(config)
    .filter((other) => awaitedOf(job, other) !== null)
    .every(
      (other) => awaitedOf(job, other) !== 'finished' && isWanted(world, other.name, other.job) === true,
    );
}

/**
 * A job that ended by itself and is not restarted by its policy. If its daemon died with it, nobody knows
 * whether it ran.
 */
function mayHaveFinished({ watch, table, daemons }: World, instance: string, { restart }: Job): boolean {
  const run = watch.runOf(instance);
  const isForgotten = table.boots > 1 || (run !== undefined && daemons[run.daemon - 1]?.isAlive !== true);
  return watch.mayHaveFinished(instance, restart) || (restart !== 'always' && isForgotten);
}

function checkTimers(world: World): void {
  const most = TIMERS_OF_DAEMON + TIMERS_OF_JOB * everyInstance(world).length;
  for (const daemon of world.daemons)
    if (daemon.isAlive && daemon.ports.timers > most)
      world.violate(`daemon ${daemon.number} has ${daemon.ports.timers} timers at rest`);
}

function checkOver(world: World): void {
  for (const daemon of world.daemons) {
    if (daemon.isAlive) world.violate(`daemon ${daemon.number} lives after its DIE`);
    if (daemon.connections.size > 0)
      world.violate(`${daemon.connections.size} connections are open after the DIE`);
  }
}
