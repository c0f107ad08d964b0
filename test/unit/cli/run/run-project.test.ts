import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ANOTHER_DAEMON } from '../../../../src/another-daemon.ts';
import type { AttachedDaemon } from '../../../../src/client/ports.ts';
import { run, type Outcome } from '../../../support/fake-cli.ts';
import { fakePorts, fakeWorld } from '../../../support/fake-client.ts';
import { newFolder } from '../../../support/new-folder.ts';

const CONFIG = ['web', 'db'].map((name) => `[[jobs]]\nname = "${name}"\njob_command = "x"\n`).join('\n');

/** A `run` of a project whose daemon ends at once with this code. */
function runWith(exitCode: number, words = '', world = fakeWorld()): Promise<Outcome> {
  const folder = newFolder();
  writeFileSync(join(folder, 'overseer.toml'), CONFIG);
  const daemon = {
    exitCode: () => exitCode,
    ending: () => `ended with exit code ${exitCode}`,
    logTail: () => '',
  } as unknown as AttachedDaemon;
  const ports = { ...fakePorts(world), attachDaemon: () => Promise.resolve(daemon) };
  return run(`run ${folder}/ ${words}`, world, { ports });
}

const failureOf = ({ out }: Outcome): unknown => (JSON.parse(out) as { readonly error: object }).error;

test('a project that has a daemon is busy, and the message says how it is reached and ended', async () => {
  const { code, out, err } = await runWith(ANOTHER_DAEMON);
  expect([code, out]).toEqual([1, '']);
  expect(err).toMatch(
    /^overseer: the project in (\S+) has a daemon already, .*--project=\1 status` .*`… die` ends/,
  );
  expect(failureOf(await runWith(ANOTHER_DAEMON, '--json'))).toMatchObject({ code: 'busy' });
});

test('a daemon that does not come up is the failure of the run', async () => {
  const message = 'the daemon ended with exit code 70';
  expect(await runWith(70)).toEqual({ code: 1, out: '', err: `overseer: ${message}\n` });
  expect(failureOf(await runWith(70, '--json'))).toEqual({ code: 'launch', message });
});

test('no daemon is begun where its data folder cannot be made', async () => {
  const world = fakeWorld({ homesTrouble: 'no room there' });
  expect(await runWith(70, '', world)).toEqual({ code: 1, out: '', err: 'overseer: no room there\n' });
  expect(world.log).toEqual(['make homes']);
});

test('an unknown job that resembles none is answered with those there are', async () => {
  const { code, err } = await runWith(70, 'zzzzzz');
  expect([code, err]).toEqual([4, 'overseer: no such job: zzzzzz (known are web, db)\n']);
});
