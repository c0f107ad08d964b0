// `npm run bench -- --page`: how smoothly the page of `overseer web` follows 1,000 jobs. Twice 60 updates in
// one second, each of which changes and reorders rows: first given to the page by hand, 16 jobs each, then by
// 60 requests that stop 5 jobs each, which reach the page through daemon and server. Prints the longest time
// between two frames, for comparison also while nothing happens, and what the page, the server and the daemon
// computed. Fails if a frame took longer than 50 ms in every round. Needs Chromium and Linux.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { connect } from '../../dist/library.mjs';
import { browser } from '../browser.mjs';
import { Home, overseer, statOf } from '../home.mjs';

const JOBS = 1_000;
const UPDATES = 60;
const STOPPED_EACH = 5;
const GIVEN_EACH = 16;
const LONGEST_FRAME_MS = 50;
const ROUNDS = 3;
/** The unit of the processor times in /proc. */
const TICK_MS = 10;

/** They wait for next year, so that no process is started for them. */
const CONFIG = Array.from(
  { length: JOBS },
  (_, at) => `[[jobs]]\nname = "job-${at}"\njob_command = "true"\nschedule = "0 0 1 1 *"\n`,
).join('');

/** Keeps the stream of the page within reach, so that messages can be given to it. */
const KEEP_STREAM = `(() => {
  const Real = window.EventSource;
  window.EventSource = class extends Real {
    constructor(path) {
      super(path);
      if (path !== 'jobs') return;
      this.addEventListener('message', ({ data }) => {
        const message = JSON.parse(data);
        if (message.kind === 'all') window.all = message.jobs;
      });
      window.give = (message) =>
        this.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(message) }));
    }
  };
})()`;

/** 60 updates, one at each frame; every job is as before in the end. */
const GIVE_UPDATES = `(async () => {
  const states = ['failed', 'backoff', 'running'];
  for (let update = 0; update < ${UPDATES}; update += 1) {
    const jobs = Array.from({ length: ${GIVEN_EACH} }, (_, at) => {
      const job = window.all[(update * 37 + at * 61) % window.all.length];
      return { ...job, state: states[(update + at) % states.length], restarts: update };
    });
    window.give({ kind: 'changed', jobs, removed: [] });
    await new Promise((resolve) => setTimeout(resolve, 1000 / ${UPDATES}));
  }
  window.give({ kind: 'all', version: '', jobs: window.all });
})()`;

/** Notes every frame and every change of the list, from now on. */
const WATCH_FRAMES = `(() => {
  const seen = (window.seen = { frames: [], tasks: [], changes: 0 });
  const frame = (at) => { if (window.seen === seen) { seen.frames.push(at); requestAnimationFrame(frame); } };
  requestAnimationFrame(frame);
  new PerformanceObserver((list) => seen.tasks.push(...list.getEntries().map((each) => each.duration)))
    .observe({ type: 'longtask' });
  new MutationObserver(() => (seen.changes += 1))
    .observe(document.querySelector('.chips'), { subtree: true, characterData: true, childList: true });
})()`;

/** Measures three rounds, prints them, and returns the exit code: 0 if one of them had no slow frame. */
export async function measurePage() {
  const { findChromium, Page } = await browser();
  const chromium = findChromium();
  if (chromium === null) throw new Error('there is no Chromium here');
  const home = new Home('bench-page');
  home.writeJobs(CONFIG);
  await home.run(['apply', '--no-wait']);
  const { pid: daemon } = JSON.parse(readFileSync(home.socket, 'utf8'));
  const web = spawn(process.execPath, [overseer, 'web', '--json'], { env: home.env });
  let said = '';
  web.stdout.on('data', (chunk) => (said += chunk));
  while (!said.endsWith('}\n')) await pause(20);
  const page = await Page.open(chromium, 'about:blank');
  await page.runFirst(KEEP_STREAM);
  await page.goto(JSON.parse(said).url);
  const client = await connect({ data: home.data, config: home.config });
  try {
    while (!(await page.evaluate(`document.body?.innerText.includes('${JOBS} jobs') === true`)))
      await pause(50);
    const measured = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      await pause(1_500);
      const idle = await frames(page, () => pause(1_000));
      const given = await frames(page, () => page.evaluate(GIVE_UPDATES));
      await pause(500);
      const before = [cpuOf(web.pid), cpuOf(daemon)];
      const busy = await frames(page, () => stopMany(client, round));
      const [server, ofDaemon] = [cpuOf(web.pid) - before[0], cpuOf(daemon) - before[1]];
      measured.push({ longest: Math.max(given.longest, busy.longest) });
      console.log(line('nothing happens', idle));
      console.log(line('60 updates given', given));
      console.log(`${line('60 requests', busy)}, server ${server} ms, daemon ${ofDaemon} ms`);
    }
    return measured.some(({ longest }) => longest <= LONGEST_FRAME_MS) ? 0 : 1;
  } finally {
    client.close();
    await page.close();
    web.kill('SIGINT');
    home.dispose();
  }
}

/** 60 requests, spread over one second. */
async function stopMany(client, round) {
  const begin = performance.now();
  const requests = [];
  for (let update = 0; update < UPDATES; update += 1) {
    await pause(Math.max(0, begin + (update * 1_000) / UPDATES - performance.now()));
    const names = Array.from(
      { length: STOPPED_EACH },
      (_, at) => `job-${(round * UPDATES + update) * STOPPED_EACH + at}`,
    );
    requests.push(client.stop(names));
  }
  await Promise.all(requests);
  await pause(200);
}

async function frames(page, work) {
  const computed = await page.taskSeconds();
  await page.evaluate(WATCH_FRAMES);
  await work();
  const {
    frames: at,
    tasks,
    changes,
  } = await page.evaluate('(() => { const s = window.seen; window.seen = null; return s; })()');
  const gaps = at.slice(1).map((each, index) => each - at[index]);
  return {
    longest: Math.max(...gaps),
    median: gaps.toSorted((a, b) => a - b)[Math.floor(gaps.length / 2)],
    count: gaps.length,
    tasks,
    changes,
    computed: (await page.taskSeconds()) - computed,
  };
}

const line = (name, { longest, median, count, tasks, changes, computed }) =>
  `${name.padEnd(17)} ${count} frames, median ${median.toFixed(1)} ms, longest ${longest.toFixed(1)} ms, ` +
  `${changes} updates seen, ${tasks.length} tasks above 50 ms, page ${(computed * 1_000).toFixed(0)} ms`;

/** Milliseconds of processor time that a process has used. */
function cpuOf(pid) {
  const stat = statOf(pid);
  return (Number(stat[11]) + Number(stat[12])) * TICK_MS;
}
