// What growth.mjs compares a start with: a loop that starts COUNT shells at a gate and lets each become
// `sleep`, one a turn as the daemon does, and records nothing. Prints the milliseconds of its processor time.
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';

const [count, folder] = [Number(process.argv[2]), process.argv[3]];
const log = openSync(join(folder, 'bare-loop.log'), 'a');
const begun = process.cpuUsage();
const children = [];
for (let index = 0; index < count; index += 1) {
  const child = spawn('/bin/sh', ['-s', '--', 'sleep', '100000'], {
    detached: true,
    env: { PATH: '/usr/bin:/bin' },
    stdio: ['pipe', log, log],
  });
  child.stdin.end('exec "$@" < /dev/null\n');
  children.push(child);
  await new Promise((resolve) => setImmediate(resolve));
}
const { user, system } = process.cpuUsage(begun);
console.log((user + system) / 1000);
closeSync(log);
for (const { pid } of children) process.kill(-pid, 'SIGKILL');
