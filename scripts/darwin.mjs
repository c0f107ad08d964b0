// The end-to-end tests of processes once more, with programs that take this machine for a Mac: `npm run
// test:darwin [-- TESTS]`.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The suites that depend on how the system lists processes and opens pipes; others are the same on both. */
const SUITES = ['stop', 'pid', 'one-shots', 'restart', 'max-memory', 'attach'];

/** What a question to `ps` costs on a busy Mac, in milliseconds. */
const PRICES = { one: 8, group: 8, all: 100, environments: 150 };

const asked = process.argv.slice(2);
const { status } = spawnSync(
  process.execPath,
  [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    'node_modules/jest/bin/jest.js',
    ...(asked.length > 0 ? asked : SUITES.map((name) => `test/e2e/${name}.test.ts`)),
  ],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, OVERSEER_AS: 'darwin', OVERSEER_DARWIN: JSON.stringify({ prices: PRICES }) },
  },
);
process.exitCode = status ?? 1;
