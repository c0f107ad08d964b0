import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from '../../../src/library/connect.ts';
import { applyTo, planId } from '../../../src/library/plan-of.ts';
import { dataFolder } from '../../../src/data-folder.ts';
import { formatSocketFile } from '../../../src/wire/socket-file.ts';
import { AskedDaemon } from '../../support/asked-daemon.ts';
import { HOMES } from '../../support/fake-client.ts';
import { newFolder } from '../../support/new-folder.ts';
import { answer, BAD, change, REPORT } from '../../support/sample-replies.ts';
import { daemon, progress } from '../../support/wire-daemon.ts';

test('the same plan has the same id, whatever state the jobs are in that nothing happens to', () => {
  const start = change({ action: 'start', reason: 'new', state: 'stopped' });
  const id = planId({ ...REPORT, changes: [start] });
  expect(id).toMatch(/^[0-9a-f]{12}$/);
  expect(
    planId({ ...REPORT, changes: [change({ job: 'db' }), { ...start, state: 'held', pid: null }] }),
  ).toBe(id);
  const others = [
    [start, { ...start, job: 'db' }],
    [{ ...start, action: 'restart' as const }],
    [{ ...start, reason: 'changed' as const }],
    [],
  ].map((changes) => planId({ ...REPORT, changes }));
  expect(new Set([id, ...others, planId({ ...BAD, changes: [start] })]).size).toBe(6);
});

test('a trigger starts a daemon where none runs', async () => {
  const asked = new AskedDaemon().gone().on('apply', [answer(REPORT)]);
  expect(await applyTo(asked.target)).toEqual(REPORT);
  expect(asked.asked).toEqual([{ name: 'apply', configDir: HOMES.config, wait: true, allowEmpty: false }]);
});

/** A program that is connected to a daemon of a data folder, named as its user would. */
async function connected(): Promise<readonly [Awaited<ReturnType<typeof connect>>, readonly unknown[]]> {
  const home = newFolder();
  mkdirSync(join(home, 'data'), { mode: 0o700 });
  const running = await daemon({}, ({ request, peer }) => {
    peer.reply(progress(1));
    peer.reply(
      request.name === 'status'
        ? answer({ daemon: { pid: 7, port: running.port, version: '0', startedAt: '' }, jobs: [] })
        : answer(REPORT),
    );
  });
  writeFileSync(dataFolder(join(home, 'data')).socket, formatSocketFile(running.file), { mode: 0o600 });
  const { HOME } = process.env;
  process.env['HOME'] = home;
  try {
    const client = await connect({ data: '~/data', config: '$HOME/config' });
    await client.apply();
    return [client, running.asked.map(({ request }) => request)];
  } finally {
    process.env['HOME'] = HOME;
  }
}

test('a program finds the daemon of the folders that it names, with the home of its user', async () => {
  const [client, asked] = await connected();
  expect(client.daemon).toMatchObject({ pid: 7 });
  expect(asked).toEqual([
    { name: 'status', jobs: [] },
    { name: 'apply', configDir: expect.stringMatching(/^\/.*\/config$/), wait: true, allowEmpty: false },
  ]);
});

test('a program that names a folder without a daemon is told so, unless it may start one', async () => {
  const data = newFolder();
  await expect(connect({ data, config: newFolder() })).rejects.toMatchObject({ code: 'no-daemon' });
  expect((await connect({ data, config: newFolder(), launch: true })).daemon).toBeNull();
});
