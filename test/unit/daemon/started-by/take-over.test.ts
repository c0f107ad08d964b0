import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataFolder } from '../../../../src/data-folder.ts';
import { takeOver } from '../../../../src/daemon/started-by/take-over.ts';
import type { LockResult } from '../../../../src/os/os.ts';
import { formatSocketFile, type SocketFile } from '../../../../src/wire/socket-file.ts';
import { daemon, died, progress, until, type Asked, type Daemon } from '../../../support/wire-daemon.ts';

let data: string;
beforeEach(() => (data = mkdtempSync(join(tmpdir(), 'overseer-take-over-'))));
afterEach(() => rmSync(data, { recursive: true, force: true }));

const BUSY: LockResult = { ok: false, reason: 'busy', message: 'locked' };
const ERROR: LockResult = { ok: false, reason: 'error', message: 'no locks' };

/** Takes over where the lock answers so, again and again; says what was asked of it. */
async function take(...answers: readonly LockResult[]): Promise<readonly string[]> {
  const story: string[] = [];
  const free: LockResult = { ok: true, release: () => void story.push('released'), holds: () => true };
  const left = [...answers];
  const lock = (path: string): LockResult => {
    story.push(path === dataFolder(data).lock ? 'locked' : path);
    return left.shift() ?? free;
  };
  await takeOver({ config: join(data, 'c'), data, home: data }, { lock });
  return story;
}

const publish = (file: SocketFile): void => writeFileSync(dataFolder(data).socket, formatSocketFile(file));

async function served(onRequest?: (asked: Asked) => void): Promise<Daemon> {
  const other = await daemon({}, onRequest);
  publish(other.file);
  return other;
}

test('a running daemon is asked to leave its jobs, and its lock is awaited and let go', async () => {
  const other = await served(({ peer }) => {
    peer.reply(progress(1));
    peer.reply(died());
  });
  expect(await take(BUSY, BUSY)).toEqual(['locked', 'locked', 'locked', 'released']);
  expect(other.asked.map(({ request }) => request)).toEqual([{ name: 'DIE', keepJobs: true }]);
  await until('the connection is closed', () => other.peers === 0);
});

test('a lock that cannot be taken at all is not awaited', async () => {
  await served(({ peer }) => peer.reply(died()));
  expect(await take(BUSY, ERROR, BUSY)).toEqual(['locked', 'locked']);
});

test('nothing is awaited of a daemon that refuses, or that closes the connection', async () => {
  await served(({ peer }) => peer.reply({ kind: 'refusal', refusal: { code: 'degraded', message: 'no' } }));
  expect(await take(BUSY)).toEqual([]);
  const other = await served(() => void other.close());
  expect(await take(BUSY)).toEqual([]);
});

test('nothing is awaited where no daemon is, or only the socket file of one that has gone', async () => {
  expect(await take(BUSY)).toEqual([]);
  const gone = await daemon();
  await gone.close();
  publish(gone.file);
  expect(await take(BUSY)).toEqual([]);
});
