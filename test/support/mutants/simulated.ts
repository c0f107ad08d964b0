import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../sources.ts';
import type { Mutant } from './mutants.ts';

/** Enough for the mistakes that are planted by the tests. */
const SEEDS = 200;

/** What the simulation says of a copy of the sources with a planted bug. */
export function simulated({ file, find, replace }: Mutant): string {
  const copy = mkdtempSync(join(tmpdir(), 'overseer-mutant-'));
  try {
    for (const folder of ['machines', 'src'])
      cpSync(join(ROOT, folder), join(copy, folder), { recursive: true });
    writeFileSync(
      join(copy, file),
      readFileSync(join(ROOT, file), 'utf8').replace(find, () => replace),
    );
    const args = [
      join(ROOT, 'scripts/sim.mjs'),
      '--brief',
      '--seed',
      '1',
      '--count',
      `${SEEDS}`,
      '--src',
      copy,
    ];
    const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    return stdout === '' ? stderr : stdout;
  } finally {
    rmSync(copy, { recursive: true });
  }
}
