// `npm run bench`: what overseer costs, beside the floor (`node -e 0`, a bare loop of the same spawns, `>>`)
// and, with `--peers`, beside the other process managers that are installed. How it measures is told in
// docs/evidence/benchmarks.md.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { check } from './check.mjs';
import { measurePage } from './page.mjs';
import { run } from './run.mjs';
import { writeDocs } from './docs.mjs';
import { goalsTable, growthTable, peersTable } from './tables.mjs';

const RESULTS = fileURLToPath(new URL('../../.bench', import.meta.url));
const HELP = `npm run bench -- [options]
  --peers              beside every installed process manager
  --only NAME,…        beside these
  --growth N,…         with these numbers of jobs; without it with 1, 100 and 1,000
  --rounds N           how often each is measured, 3 by default
  --log MIB            how much log to write, 1,024 by default
  --in FOLDER          where the data folders are; a file system in memory by default
  --check [--update]   counts that are the same on every machine, compared with baseline.json
  --page               the page of \`overseer web\`
  --docs FILE…         writes docs/evidence/benchmarks.md and its pictures from results`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    peers: { type: 'boolean' },
    only: { type: 'string' },
    growth: { type: 'string' },
    rounds: { type: 'string' },
    log: { type: 'string', default: '1024' },
    in: { type: 'string' },
    check: { type: 'boolean' },
    update: { type: 'boolean' },
    page: { type: 'boolean' },
    docs: { type: 'boolean' },
    help: { type: 'boolean' },
  },
});

if (values.help) console.log(HELP);
else if (values.check) process.exitCode = await check({ isUpdate: values.update === true });
else if (values.page) process.exitCode = await measurePage();
else if (values.docs) writeDocs(positionals);
else await measure();

async function measure() {
  const counts = (values.growth ?? '1,100,1000').split(',').map(Number);
  const results = await run({
    peers: values.peers
      ? 'all'
      : ['overseer', 'floor', 'least', 'overseer-file', ...(values.only?.split(',') ?? [])],
    counts,
    rounds: values.rounds === undefined ? undefined : Number(values.rounds),
    mib: Number(values.log),
    parent: values.in,
  });
  const beside = counts.filter((count) => count <= 1_000).slice(-1);
  const tables = beside.map((count) => peersTable(results, count));
  console.log([...tables, growthTable(results), goalsTable(results)].join('\n\n'));
  mkdirSync(RESULTS, { recursive: true });
  const file = join(RESULTS, `${results.date.replaceAll(':', '')}.json`);
  writeFileSync(file, `${JSON.stringify(results)}\n`);
  console.log(`\nwrote ${file}`);
}
