import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import type { StatusJson } from '../../src/library/types.ts';
import { Home, ended } from './support/home.ts';
import { servedAddress } from './support/served-address.ts';

let home: Home;
beforeEach(() => {
  home = new Home();
});
afterEach(() => home.dispose());

test('status --json has ok where it fails, and the reason of a job that could not be started', async () => {
  expect(await home.json('status')).toMatchObject({ ok: false, daemon: null, jobs: [] });
  home.write('jobs.toml', '[[jobs]]\nname = "nodir"\njob_command = "sleep 1"\ncwd = "/nowhere"\n');
  await home.apply();
  expect((await home.json<StatusJson>('status')).jobs).toMatchObject([
    { state: 'failed', lastExit: null, reason: 'cwd does not exist: /nowhere', cpuPercent: null, tags: [] },
  ]);
  expect(await home.json('status', 'nobody')).toMatchObject({ ok: false, jobs: [] });
});

test('copies are listed in the order of their numbers, in status and in a report', async () => {
  home.write(
    'jobs.toml',
    '[[jobs]]\nname = "many"\ninstances = 11\njob_command = "true"\nschedule = "0 0 1 1 *"\n',
  );
  const names = Array.from({ length: 11 }, (_, at) => `many@${at + 1}`);
  expect((await home.apply()).changes.map(({ job }) => job)).toEqual(names);
  expect((await home.json<StatusJson>('status')).jobs.map(({ name }) => name)).toEqual(names);
});

test('T-452 inspect --stately is the address of Stately’s page, to which our own has a link', async () => {
  home.write('jobs.toml', '[[jobs]]\nname = "web"\njob_command = "sleep 1000"\n');
  await home.apply();
  const addresses: string[] = [];
  for (const words of [[], ['--stately']]) {
    const child = home.begin({}, 'inspect', ...words, '--json');
    const ran = ended(child);
    const url = await servedAddress(child);
    addresses.push(url.replace(/.*\//, ''));
    const html = await pageAt(url);
    if (words.length === 0) expect(html).toMatch(/href="stately"/);
    expect(html.includes('https://stately.ai')).toBe(words.length === 1);
    child.kill('SIGINT');
    expect((await ran).code).toBe(0);
  }
  expect(addresses).toEqual(['', 'stately']);
  expect((await home.overseer('inspect', '--stately', '--local')).code).toBe(64);
  expect(readFileSync(`${home.data}/overseerd.log`, 'utf8')).not.toContain('inspect');
});

function pageAt(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    request(url, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString())).on('end', () => resolve(text));
    })
      .on('error', reject)
      .end();
  });
}
