import { jest } from '@jest/globals';
import { settle } from '../../src/daemon/requests/steer/settle.ts';
import { wait } from '../../src/daemon/requests/steer/wait.ts';
import type { Job } from '../../src/config/config.ts';
import { countLooks, ManyJobsStage, inATurn } from '../support/many-jobs-stage.ts';
import { LEAST_JOB } from '../support/least-job.ts';

afterEach(() => jest.restoreAllMocks());

const nameOf = (index: number): string => `job${index}`;

/** A stage with so many jobs, as each is written, and how often any of them has been looked at. */
function stageOf(count: number, written: (index: number) => Partial<Job>) {
  const stage = new ManyJobsStage();
  const names = Array.from({ length: count }, (_, index) => nameOf(index));
  const looks = countLooks();
  stage.fleet.apply({
    asked: names.map((name, index) => ({
      name,
      number: null,
      job: { ...LEAST_JOB, startMs: 0, name, ...written(index) },
    })),
    removed: [],
  });
  return { stage, names, looks };
}

/** Looks at each of so many jobs while they start, are waited for and stop. */
async function looksFor(count: number): Promise<number> {
  const { stage, names, looks } = stageOf(count, () => ({}));
  const started = settle(stage.context, { names, wait: true }, () => undefined);
  await stage.startAll();
  expect(await started).toEqual({ isDone: true, fallen: new Set() });
  stage.fleet.takeDown(names, 'Stop');
  const stopped = settle(stage.context, { names, wait: true, goingDown: true }, () => undefined);
  // A hundred stops begin in one turn.
  for (let begun = 0; begun < count; begun += 100) await inATurn(() => stage.clock.advance(0));
  await stage.endAll();
  await stopped;
  expect(new Set(stage.fleet.all.map(({ state }) => state))).toEqual(new Set(['stopped']));
  return looks() / count;
}

test('T-940 twice as many jobs cost no more looks at each while they start and stop', async () => {
  const few = await looksFor(200);
  jest.restoreAllMocks();
  const many = await looksFor(400);
  expect([few < 60, many < few * 1.2]).toEqual([true, true]);
});

/** Looks at each of so many jobs of which each comes after the one before, while a trigger waits for them. */
async function looksForChain(count: number): Promise<number> {
  const { stage, names, looks } = stageOf(count, (index) =>
    index === 0 ? {} : { after: [nameOf(index - 1)] },
  );
  const started = settle(stage.context, { names, wait: true }, () => undefined);
  await stage.startInOrder();
  expect(await started).toEqual({ isDone: true, fallen: new Set() });
  return looks() / count;
}

test('a chain of jobs that is twice as long costs no more looks at each of them', async () => {
  const few = await looksForChain(200);
  jest.restoreAllMocks();
  const many = await looksForChain(400);
  expect([few < 120, many < few * 1.2]).toEqual([true, true]);
});

/** Counts how often each of `count` jobs is looked at while a client waits until all of them run. */
async function looksForWait(count: number): Promise<number> {
  const { stage, names, looks } = stageOf(count, () => ({}));
  const peer = { client: 1, reply: () => undefined, onGone: () => undefined };
  const waited = wait(stage.context, { name: 'wait', jobs: names, state: 'running' }, peer as never);
  await stage.startAll();
  expect(await waited).toMatchObject({ ok: true, stuck: [] });
  return looks() / count;
}

test('wait looks no more often at each job when it waits for twice as many', async () => {
  const few = await looksForWait(200);
  jest.restoreAllMocks();
  const many = await looksForWait(400);
  expect([few < 60, many < few * 1.2]).toEqual([true, true]);
});

const LAYERS = 8;
const WIDTH = 8;

/** Layers of jobs, each after all of the layer before. The first is disabled, so all wait in vain. */
const layered = (index: number): Partial<Job> =>
  index < WIDTH
    ? { enabled: false }
    : {
        after: Array.from({ length: WIDTH }, (_, at) => nameOf((Math.floor(index / WIDTH) - 1) * WIDTH + at)),
      };

test('each dependency is checked once, however many paths of `after` lead to it', async () => {
  const { stage, names, looks } = stageOf(LAYERS * WIDTH, layered);
  await settle(stage.context, { names, wait: true }, () => undefined);
  expect(stage.fleet.statusesOf(stage.fleet.all).at(-1)?.outlook).toMatchObject({ kind: 'blocked' });
  const peer = { client: 1, reply: () => undefined, onGone: () => undefined };
  const waited = await wait(stage.context, { name: 'wait', jobs: names, state: 'running' }, peer as never);
  expect(waited).toMatchObject({ ok: false });
  // A look at each path to each job would be sixteen million.
  expect(looks() / names.length).toBeLessThan(1_000);
});
