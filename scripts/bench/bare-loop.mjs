// The least that a process manager written for Node does, to compare with: no records, no config, no answers.
//
//   bare-loop.mjs jobs FOLDER
//       starts the jobs of FOLDER/jobs.json, each behind a gate as overseer does, and again when one ends; on
//       SIGUSR2 it reads that file anew, on SIGTERM it ends all jobs
//   bare-loop.mjs tests COUNT
//       runs so many tests as overseer does, and ends when all have ended
import { spawn } from 'node:child_process';
import { openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [what, operand] = process.argv.slice(2);
const env = { PATH: '/usr/bin:/bin' };
const turn = () => new Promise((resolve) => setImmediate(resolve));

if (what === 'tests') {
  for (let left = Number(operand); left > 0; left -= 1) {
    const test = spawn('/bin/sh', ['-s', '--', '/bin/false'], { detached: true, env });
    for (const output of [test.stdout, test.stderr]) output.resume();
    test.stdin.end('exec "$@" < /dev/null\n');
    await turn();
  }
} else {
  const log = openSync(join(operand, 'bare-loop.log'), 'a');
  const pids = new Set();
  let isEnding = false;

  const start = (words) => {
    const child = spawn('/bin/sh', ['-s', '--', ...words], {
      detached: true,
      env,
      stdio: ['pipe', log, log],
    });
    child.stdin.end('exec "$@" < /dev/null\n');
    pids.add(child.pid);
    child.on('exit', () => {
      pids.delete(child.pid);
      if (!isEnding) start(words);
    });
  };
  const load = async () => {
    for (const { words } of JSON.parse(readFileSync(join(operand, 'jobs.json'), 'utf8'))) {
      start(words);
      await turn();
    }
  };
  process.on('SIGUSR2', load);
  process.on('SIGTERM', () => {
    isEnding = true;
    for (const pid of pids) process.kill(-pid, 'SIGTERM');
  });
  setInterval(() => undefined, 2 ** 30);
  await load();
  writeFileSync(join(operand, 'pid'), String(process.pid));
}
