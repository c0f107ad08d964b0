import fc from 'fast-check';
import type { Job } from '../../src/config/config.ts';
import { instancesOf, type Instance } from '../../src/plan/instances.ts';
import { FleetStage } from '../support/fleet-stage.ts';
import { LEAST_JOB } from '../support/least-job.ts';

const jobOf = (name: string, given: Partial<Job> = {}): Job => ({ ...LEAST_JOB, name, startMs: 0, ...given });
const test_ = { exe: 'true', args: [] };

/** The same objects each time, as a config gives them whose files have not changed. */
const CONFIG: readonly Instance[] = instancesOf({
  jobs: [
    jobOf('web', { after: ['db'] }),
    jobOf('db'),
    jobOf('once', { restart: 'never' }),
    jobOf('tested', { test: test_ }),
    jobOf('off', { enabled: false }),
    jobOf('copies', { instances: 2, rolling: true }),
  ],
});
/** The same jobs, some of them changed. */
const CHANGED: readonly Instance[] = CONFIG.map((instance) =>
  instance.job.name === 'db' || instance.job.name === 'copies'
    ? { ...instance, job: { ...instance.job, env: { A: '1' } } }
    : instance,
);
const NAMES = CONFIG.map(({ name }) => name);

async function applied(stage: FleetStage, asked = CONFIG): Promise<readonly string[]> {
  const steps: string[] = [];
  stage.onStep = (name, { event }) => void (event.type === 'Apply' && steps.push(name));
  stage.fleet.apply({ asked, removed: [] });
  await stage.settle();
  return steps.toSorted();
}

test('T-1403 a trigger takes no step of a job where the last one changed nothing', async () => {
  const stage = new FleetStage();
  await applied(stage);
  // `off` is disabled: the first trigger already changed nothing about it.
  expect(await applied(stage)).toEqual(NAMES.filter((name) => name !== 'off').toSorted());
  // A test is run by each trigger, and copies that are replaced in turn look at each other.
  const always = ['copies@1', 'copies@2', 'tested'];
  expect(await applied(stage)).toEqual(always);
  stage.exit('db');
  await stage.settle();
  expect(await applied(stage)).toEqual([...always, 'db', 'web'].toSorted());
  expect(await applied(stage)).toEqual(always);
  stage.isShown = true;
  expect(await applied(stage)).toEqual(NAMES.toSorted());
  stage.isShown = false;
  const copied = CONFIG.map((instance) => ({ ...instance, job: { ...instance.job } }));
  expect(await applied(stage, copied)).toEqual(NAMES.toSorted());
});

type Act = (stage: FleetStage) => void | Promise<unknown>;

const ACTS: Readonly<Record<string, Act>> = {
  trigger: (stage) => stage.fleet.apply({ asked: CONFIG, removed: [] }),
  change: (stage) => stage.fleet.apply({ asked: CHANGED, removed: [] }),
  remove: (stage) => stage.fleet.apply({ asked: CONFIG.slice(1), removed: ['web'] }),
  stop: (stage) => stage.fleet.takeDown(['db', 'off'], 'Stop'),
  start: (stage) => ['db', 'once'].forEach((name) => start(stage, name)),
  restart: (stage) => stage.fleet.restart(stage.fleet.named('copies')),
  exit: (stage) => (stage.alive.includes('db') ? stage.exit('db', { code: 1, signal: null }) : undefined),
  finish: (stage) => (stage.alive.includes('once') ? stage.exit('once') : undefined),
  fail: (stage) => void stage.verdicts.set('tested', 1),
  pass: (stage) => void stage.verdicts.set('tested', 0),
  hang: (stage) => void stage.endless.add('tested'),
  settle: (stage) => stage.settle(),
  wait: (stage) => stage.settle(31_000),
  crash: (stage) => {
    stage.crash();
    stage.fleet.resume();
  },
};

function start(stage: FleetStage, name: string): void {
  const instance = stage.fleet.get(name);
  if (instance !== undefined) stage.fleet.start(instance);
}

/** All that the acts lead to. */
async function outcome(acts: readonly string[], isShown: boolean): Promise<unknown> {
  const stage = new FleetStage();
  stage.isShown = isShown;
  const seen: unknown[] = [];
  for (const act of ['trigger', 'settle', ...acts, 'settle']) {
    await ACTS[act]?.(stage);
    const charts = stage.fleet.all.map(({ name, snapshot: { value, context } }) => ({
      name,
      value,
      context,
    }));
    seen.push({ act, story: stage.told(), charts: structuredClone(charts), log: [...stage.log] });
  }
  return { seen, records: [...stage.records] };
}

test('T-1404 leaving out needless steps makes no difference to what happens', async () => {
  const stories = fc.array(fc.oneof(fc.constant('trigger'), fc.constantFrom(...Object.keys(ACTS))), {
    minLength: 3,
    maxLength: 14,
  });
  await fc.assert(
    fc.asyncProperty(stories, async (acts) => {
      expect(await outcome(acts, false)).toEqual(await outcome(acts, true));
    }),
    {
      numRuns: 40,
      // A trigger starts afresh what is in backoff, and runs a test again that has not ended.
      examples: [
        [['trigger', 'settle', 'exit', 'settle', 'exit', 'settle', 'trigger']],
        [['hang', 'trigger', 'trigger', 'trigger']],
      ],
    },
  );
});
