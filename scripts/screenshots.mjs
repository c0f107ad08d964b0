// Takes the pictures of the pages that the docs show, of real jobs, in Chromium without a window. Run by
// `npm run docs -- screenshots`; look at them before they are committed.
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { browser } from './browser.mjs';
import { Home, overseer } from './home.mjs';
import { smallPng } from './small-png.mjs';
import { takeTerminalShots } from './terminal-shots.mjs';

const FOLDER = 'docs/images';
const MOST_BYTES = 150_000;
const WIDE = [1280, 860];
const PHONE = [390, 844];

/** What the copies of `api` print. */
const REQUESTS = [
  'listening on port 8080',
  '\\\\033[2mGET /health\\\\033[0m \\\\033[32m200\\\\033[0m 3 ms',
  '\\\\033[2mGET /orders\\\\033[0m \\\\033[33m404\\\\033[0m 1 ms',
];

const shell = (...parts) => `{ exe = "sh", args = ["-c", "${parts.join('; ')}"] }`;

const JOBS = `
[[jobs]]
name = "db"
description = "the database"
job_command = ${shell('echo ready to accept connections', 'exec sleep 1000')}
start_seconds = 0
tags = ["core"]

[[jobs]]
name = "api"
description = "answers the site's requests"
job_command = ${shell(...REQUESTS.map((line) => `printf '${line}\\\\n'`), 'exec sleep 1000')}
instances = 3
after = ["db"]
start_seconds = 0
tags = ["core"]

[[jobs]]
name = "mailer"
description = "sends what the queue has"
job_command = ${shell('echo connecting', 'echo the queue refused us >&2', 'sleep 1.2', 'exit 3')}
backoff = { min = 40, max = 60, factor = 1 }
after = ["db"]

[[jobs]]
name = "importer"
job_command = ${shell('echo 1,204 rows', 'echo row 1205 has no date >&2', 'exit 2')}
restart = "never"

[[jobs]]
name = "preview"
description = "only while the flag is set"
job_command = "sleep 1000"
test_command = ${shell('echo no flag', 'exit 1')}

[[jobs]]
name = "migrate"
job_command = ${shell('echo 12 migrations done')}
restart = "never"

[[jobs]]
name = "backup"
description = "every night"
job_command = "true"
schedule = "15 2 * * *"
tags = ["nightly"]

[[jobs]]
name = "reports"
job_command = "sleep 1000"
start_seconds = 0
`;

const LIT = `document.querySelector('#picture .on') !== null`;
const STATELY = `document.querySelector('[data-for=silent]')?.hidden === false`;
const has = (text) => `document.body?.innerText.includes(${JSON.stringify(text)}) === true`;

/** Each picture: its command, its size, what is clicked and waited for before it is taken. */
const SHOTS = [
  { name: 'web', command: 'web', size: WIDE, click: ['mailer'], until: has('exit 3') },
  { name: 'web-job', command: 'web', size: WIDE, click: ['api', 'api@2'], until: has('GET /health') },
  { name: 'web-plan', command: 'web', size: WIDE, click: ['mailer', 'Plan and apply'], until: has('Do it') },
  { name: 'web-phone', command: 'web', size: PHONE, click: ['mailer'], until: has('exit 3') },
  { name: 'inspect', command: 'inspect', size: WIDE, click: ['api@1'], until: LIT },
  { name: 'inspect-whole', command: 'inspect', size: WIDE, click: ['api@1', 'whole chart'], until: LIT },
  // In tests and here nothing is loaded from stately.ai, so the page says so and offers our own.
  { name: 'inspect-stately', command: 'inspect', path: 'stately', size: WIDE, click: [], until: STATELY },
  { name: 'inspect-phone', command: 'inspect', size: PHONE, click: ['mailer'], until: LIT },
];

const clicked = (words) => `(() => {
  const found = [...document.querySelectorAll('button')].find((each) =>
    each.innerText.trim().replace('▸ ', '').startsWith(${JSON.stringify(words)}));
  found?.click();
  return found !== undefined;
})()`;

export async function takeScreenshots() {
  const { findChromium, Page } = await browser();
  const chromium = findChromium();
  if (chromium === null) throw new Error('there is no Chromium here');
  mkdirSync(FOLDER, { recursive: true });
  const home = new Home('screenshots');
  try {
    home.writeJobs(JOBS);
    await home.run(['apply', '--no-wait']);
    await home.run(['stop', 'reports']);
    await pause(2_500);
    home.writeJobs(
      JOBS.replace('12 migrations', '13 migrations').replace('name = "reports"', 'name = "invoices"'),
    );
    for (const shot of SHOTS) await take(shot, { home, Page, chromium });
    const page = await Page.open(chromium, 'about:blank');
    try {
      await takeTerminalShots({ home, page, keep });
    } finally {
      await page.close();
    }
  } finally {
    home.dispose();
  }
}

async function take({ name, command, path = '', size, click, until }, { home, Page, chromium }) {
  const child = spawn(process.execPath, [overseer, command, '--json'], { env: home.env });
  let said = '';
  child.stdout.on('data', (chunk) => (said += chunk));
  await awaited(() => said.endsWith('}\n'));
  const page = await Page.open(chromium, 'about:blank');
  try {
    await page.standInFor('https://stately.ai', () => null);
    await page.resize(...size);
    for (const scheme of ['light', 'dark']) {
      await page.dark(scheme === 'dark');
      await page.goto(new URL(path, JSON.parse(said).url).href);
      for (const words of click) await awaited(() => page.evaluate(clicked(words)));
      await awaited(() => page.evaluate(until));
      await pause(700);
      keep(`${name}-${scheme}`, await page.screenshot());
    }
  } finally {
    await page.close();
    child.kill('SIGINT');
  }
}

function keep(name, screenshot) {
  const path = `${FOLDER}/${name}.png`;
  const png = smallPng(screenshot);
  writeFileSync(path, png);
  console.log(`${path}: ${Math.round(png.length / 1000)} KB`);
  if (png.length > MOST_BYTES) throw new Error(`${path} has more than ${MOST_BYTES} bytes`);
}

async function awaited(isSo) {
  for (let tries = 0; !(await isSo()); tries += 1) {
    if (tries === 400) throw new Error(`waited in vain for ${isSo}`);
    await pause(50);
  }
}
