// Measures how late a daemon's timers are. Runs within the daemon and writes to a file; the daemon itself
// contains nothing of it.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** How often the worst delay so far is written. */
const EACH_MS = 100;

/**
 * Writes the probe into a folder; `options` make Node load it in the program `overseerd` and nowhere else.
 */
export function timerProbe(folder, overseerd) {
  const file = join(folder, 'timer-probe.cjs');
  const told = join(folder, 'late-timers');
  writeFileSync(
    file,
    `if (process.argv[1] === ${JSON.stringify(overseerd)}) {
  const { appendFileSync } = require('node:fs');
  const { monitorEventLoopDelay } = require('node:perf_hooks');
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  setInterval(() => {
    const late = Math.max(0, delay.max / 1e6 - 10).toFixed(1);
    appendFileSync(${JSON.stringify(told)}, Date.now() + ' ' + late + '\\n');
    delay.reset();
  }, ${EACH_MS}).unref();
}`,
  );
  /** The worst lateness between two times by \`Date.now()\`, in milliseconds. */
  const worst = (from, to) => {
    const lines = existsSync(told) ? readFileSync(told, 'latin1').trim().split('\n') : [];
    const late = lines
      .map((line) => line.split(' ').map(Number))
      .filter(([at]) => at >= from && at <= to + EACH_MS);
    return Math.max(0, ...late.map(([, ms]) => ms));
  };
  return { options: `--require=${file}`, worst };
}
