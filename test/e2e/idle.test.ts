import { readdirSync, readFileSync } from 'node:fs';
import { awaited, isAsDarwin } from './support/home.ts';
import { home } from './support/fresh-home.ts';
import { sleeper } from './support/shell-job.ts';

/** How often the threads of a process have gone to sleep, or were made to. */
function wakeUps(pid: number): string {
  return readdirSync(`/proc/${pid}/task`)
    .map((task) =>
      readFileSync(`/proc/${pid}/task/${task}/status`, 'utf8')
        .match(/\d+(?=\n|$)/g)
        ?.slice(-2),
    )
    .join(';');
}

// On macOS the daemon looks at its socket file once a second.
(isAsDarwin ? test.skip : test)('nothing wakes the daemon while no job does anything', async () => {
  const names = Array.from({ length: 20 }, (_, index) => `job${index}`);
  home.write('jobs.toml', names.map((name) => sleeper(name)).join(''));
  await home.apply();
  const pid = home.daemonPid();
  await awaited(async () => {
    const before = wakeUps(pid);
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    return wakeUps(pid) === before || null;
  }, 'three seconds without a wake-up');
});
