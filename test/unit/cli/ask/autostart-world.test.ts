import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { unitText } from '../../../../src/cli/autostart/managers/systemd-unit.ts';
import { placeOf } from '../../../../src/cli/autostart/place.ts';
import { autostartWorld, mendAutostart } from '../../../../src/cli/ask/autostart-world.ts';
import { AskedDaemon } from '../../../support/asked-daemon.ts';
import { KeptOutput } from '../../../support/fake-cli.ts';
import { newFolder } from '../../../support/new-folder.ts';
import { answer } from '../../../support/sample-replies.ts';

const worldOf = ({ target }: AskedDaemon) =>
  autostartWorld({ homes: target.homes, env: {}, ports: target.ports });

test('the daemon of the data folder is the one that its socket file names, while it lives', () => {
  const daemon = new AskedDaemon();
  const { daemonPid } = worldOf(daemon);
  expect(daemonPid()).toBeNull();
  daemon.world.writerLives = true;
  expect(daemonPid()).toBe(101);
  expect(worldOf(daemon.gone()).daemonPid()).toBeNull();
});

test('a daemon that is replaced leaves its jobs running, and its end is waited for', async () => {
  let polls = 0;
  const daemon: AskedDaemon = new AskedDaemon(undefined, { isAlive: () => (polls += 1) < 5 });
  daemon.on('DIE', [answer({})]);
  await worldOf(daemon).handOver();
  expect(daemon.asked).toEqual([{ name: 'DIE', keepJobs: true }]);
  expect(polls).toBe(5);
});

/** A home whose entry leads to this node, and what a trigger says of it. */
async function triggered(node: string): Promise<string> {
  const home = newFolder();
  const homes = { home, config: join(home, 'config'), data: join(home, 'data') };
  const file = (await placeOf(homes, {}))?.file ?? '';
  const seen = { program: '/gone/overseerd', node };
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(
    file,
    unitText({
      program: '/bin/sh',
      seen: { ...seen, program: '/bin/sh' },
      path: dirname(node),
      variables: {},
    }),
  );
  const err = new KeptOutput();
  await mendAutostart({ homes, env: {}, ports: new AskedDaemon().target.ports, err });
  return err.text;
}

test('a trigger says that an entry does not work any more and cannot be mended', async () => {
  expect(await triggered('/gone/node')).toMatch(
    /^overseer: the entry that starts overseer at login does not work any more: .+\n$/,
  );
});

test('a trigger says nothing of an entry whose programs are where they were', async () => {
  expect(await triggered(process.execPath)).toBe('');
});
