import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Request } from '../../src/wire/messages.ts';
import { formatSocketFile } from '../../src/wire/socket-file.ts';
import { refusal, JOBS, statusOf } from '../support/sample-replies.ts';
import { daemon } from '../support/wire-daemon.ts';
import { ended } from './support/home.ts';
import { home } from './support/fresh-home.ts';

test('T-1707 status of a daemon that knows no brief one is asked for once more, whole', async () => {
  const older = await daemon({}, ({ request, peer }) =>
    peer.reply('brief' in request ? refusal('bad-request') : statusOf(...JOBS)),
  );
  mkdirSync(home.data, { recursive: true, mode: 0o700 });
  writeFileSync(join(home.data, 'socket'), formatSocketFile(older.file), { mode: 0o600 });
  const { code, stdout, stderr } = await ended(home.begin({ OVERSEER_TRACE: '' }, 'status'));
  expect([code, stderr, stdout.split('\n')[0]]).toEqual([0, '', expect.stringMatching(/^NAME +STATE +PID/)]);
  const asked = older.asked.map(({ request }): Request => request);
  expect(asked).toEqual([
    { name: 'status', jobs: [], brief: true },
    { name: 'status', jobs: [] },
  ]);
});
