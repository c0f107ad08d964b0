// The whole daemon in a simulated world, seed after seed: `npm run sim -- --help`.
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
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
  --count M     how many seeds (default 2000)
  --seconds S   stop after so long
  --one         only the seed, told in full
  --save DIR    write the shortest schedule of each broken rule there, for test/sim/once-failed
  --src DIR     a copy of the project whose machines/ and src/ are tried instead of ours
`;

if (isMainThread) process.exitCode = await main();
else await work();

async function main() {
  const string = { type: 'string' };
  const flag = { type: 'boolean', default: false };
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { seed: string, count: string, seconds: string, src: string, save: string, one: flag, help: flag },
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
      count: Number(values.count ?? 2_000),
      seconds: Number(values.seconds ?? Infinity),
      saveTo: values.save ?? null,
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The simulation and the daemon in one file; the daemon's own sources may come from another copy of the project. */
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
    banner: { js: 'import { createRequire as simRequire } from "node:module"; const require = simRequire(import.meta.url);' },
  });
  return pathToFileURL(outfile).href;
}

/** Every other seed to one of two workers, so that a run is the same on any number of processors. */
async function runAll(bundle, { seed, count, seconds, saveTo }) {
  const started = performance.now();
  const threads = Math.min(availableParallelism(), count);
  const tasks = Array.from({ length: threads }, (_, index) => ({ bundle, first: seed + index, step: threads, end: seed + count, seconds }));
  const results = await Promise.all(tasks.map((task) => resultOf(new Worker(fileURLToPath(import.meta.url), { workerData: task }))));
  const { report } = await import(bundle);
  return await report(results, { seed, tookMs: performance.now() - started, saveTo });
}

function resultOf(worker) {
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

async function work() {
  const { bundle, ...task } = workerData;
  parentPort.postMessage(await (await import(bundle)).runMany(task));
}

function ensured(folder) {
  mkdirSync(folder, { recursive: true });
  return folder;
}
