// The whole daemon in a simulated world, seed after seed: `npm run sim -- --help`.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const HELP = `Usage: npm run sim -- [options] [FILE]

  FILE          only the schedule in this file, told in full

  --seed N      the first seed; a new one each time if not given
  --count M     how many seeds (default 2000, or as many as come with --seconds)
  --seconds S   begin no seed after so long
  --one         only the seed, told in full
  --fresh       make every schedule from its seed alone; otherwise half of them are made from earlier ones
                that took steps which few have taken
  --workers N   how many worlds are tried at the same time (default: as many as there are processors)
  --brief       end with the first failure, and do not tell its story
  --save DIR    where the shortest schedule of each broken rule is written (default .sim)
  --src DIR     a copy of the project whose machines/ and src/ are tried instead of ours
`;

/** How often progress is printed. */
const PROGRESS_MS = 10_000;
/**
 * A seed counts as endless after this much processor time, whatever else the machine does; or after this long
 * without any to speak of, since it may wait for something that does not come.
 */
const LONGEST = { processorMs: 60_000, ms: 600_000, lookMs: 1_000 };

/** Most of what a world makes is gone with it, so it is collected cheaply. */
const YOUNG = { maxYoungGenerationSizeMb: 128 };

if (isMainThread) process.exitCode = await main();
else await work();

async function main() {
  const string = { type: 'string' };
  const flag = { type: 'boolean', default: false };
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      seed: string,
      count: string,
      seconds: string,
      workers: string,
      src: string,
      save: string,
      one: flag,
      brief: flag,
      fresh: flag,
      help: flag,
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const folder = mkdtempSync(join(ensured(join(root, 'node_modules', '.cache')), 'sim-'));
  try {
    const bundle = await bundled(folder, values.src ?? root);
    const seed = values.seed === undefined ? Math.floor(Math.random() * 1_000_000_000) : Number(values.seed);
    if (positionals.length > 0) return await (await import(bundle)).tellFile(positionals[0]);
    if (values.one) return await (await import(bundle)).tellOne(seed);
    return await runAll(bundle, {
      seed,
      count: Number(values.count ?? (values.seconds === undefined ? 2_000 : Infinity)),
      seconds: Number(values.seconds ?? Infinity),
      workers: Number(values.workers ?? availableParallelism()),
      saveTo: values.save ?? join(root, '.sim'),
      isBrief: values.brief,
      isFresh: values.fresh,
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * The simulation and the daemon in one file; the daemon's own sources may come from another copy of the
 * project.
 */
async function bundled(folder, from) {
  const outfile = join(folder, 'sim.mjs');
  const elsewhere = {
    name: 'elsewhere',
    setup: ({ onResolve }) =>
      onResolve({ filter: /\/(src|machines)\// }, ({ path, resolveDir }) => {
        const file = join(resolveDir, path);
        const other = file.startsWith(root) ? join(from, file.slice(root.length)) : file;
        return existsSync(other) ? { path: other } : undefined;
      }),
  };
  await build({
    entryPoints: [join(root, 'test/sim/run-many.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: 'inline',
    plugins: [elsewhere],
    nodePaths: [join(root, 'node_modules')],
    banner: {
      js:
        'import { createRequire as simRequire } from "node:module"; const require = ' +
        'simRequire(import.meta.url);',
    },
  });
  return pathToFileURL(outfile).href;
}

/** Seeds go to the workers in turns; what one has covered does not guide the others. */
async function runAll(bundle, { seed, count, seconds, workers, saveTo, isBrief, isFresh }) {
  const started = performance.now();
  const threads = Math.min(workers, count);
  const again =
    `npm run sim --${isFresh ? ' --fresh' : ` --workers ${threads}`} --seed ` +
    `${seed}${seconds < Infinity ? ` --seconds ${seconds}` : ` --count ${count}`}`;
  console.error(`from seed ${seed} on; the same again: ${again}`);
  const runs = Array.from({ length: threads }, (_, index) =>
    begun(
      { bundle, first: seed + index, step: threads, end: seed + count, seconds, isBrief, isFresh },
      { again, threads, saveTo },
    ),
  );
  const progress = setInterval(
    () => console.error(`  ${runs.reduce((sum, { seeds }) => sum + seeds, 0)} seeds`),
    PROGRESS_MS,
  );
  try {
    const results = await Promise.all(runs.map(({ result }) => result));
    const { report } = await import(bundle);
    return await report(results, { seed, tookMs: performance.now() - started, saveTo, isBrief });
  } catch (error) {
    console.error(error);
    return 1;
  } finally {
    clearInterval(progress);
    await Promise.all(runs.map(({ worker }) => worker.terminate()));
  }
}

/** A busy worker. It reports each seed that it begins, so that an endless one is known. */
function begun(task, { again, threads, saveTo }) {
  const worker = new Worker(fileURLToPath(import.meta.url), { workerData: task, resourceLimits: YOUNG });
  const run = { worker, seeds: 0 };
  let current = { seed: task.first, ...timesNow() };
  let patience;
  run.result = new Promise((resolve, reject) => {
    const fail = (what, cause) => reject(new Error(`seed ${current.seed} ${what}: ${again}`, { cause }));
    worker.on('message', ({ seed, failure, result }) => {
      if (result !== undefined) return resolve(result);
      if (failure !== undefined) return noteFailure(failure, saveTo);
      current = { seed, ...timesNow() };
      run.seeds += 1;
    });
    patience = setInterval(() => {
      const now = timesNow();
      // The processor time is that of all threads.
      const isEndless =
        now.processorMs - current.processorMs > LONGEST.processorMs * threads ||
        now.ms - current.ms > LONGEST.ms;
      if (isEndless) fail('does not come to an end');
    }, LONGEST.lookMs);
    worker.once('error', (error) => fail('ends the simulation itself', error));
  }).finally(() => clearInterval(patience));
  return run;
}

/** Told and saved at once: its story comes with the report, which takes the shortest schedule instead. */
function noteFailure({ schedule, violation }, saveTo) {
  const path = join(ensured(saveTo), `seed-${schedule.seed}.json`);
  writeFileSync(path, `${JSON.stringify(schedule, null, 1)}\n`);
  console.error(`  seed ${schedule.seed}: ${violation.split('\n')[0]}`);
}

function timesNow() {
  const { user, system } = process.cpuUsage();
  return { ms: performance.now(), processorMs: (user + system) / 1_000 };
}

async function work() {
  const { bundle, ...task } = workerData;
  const { runMany } = await import(bundle);
  const result = await runMany(task, {
    begins: (seed) => parentPort.postMessage({ seed }),
    fails: (failure) => parentPort.postMessage({ failure }),
  });
  parentPort.postMessage({ result });
}

function ensured(folder) {
  mkdirSync(folder, { recursive: true });
  return folder;
}
