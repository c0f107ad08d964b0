import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { disable, enable } from '../../../../src/cli/autostart/enable.ts';
import { entryIn } from '../../../../src/cli/autostart/entry.ts';
import { look } from '../../../../src/cli/autostart/look.ts';
import type { World } from '../../../../src/cli/autostart/world.ts';
import { LoginWorld } from '../../../support/login-world.ts';

let world: LoginWorld;
beforeEach(() => (world = new LoginWorld()));

test('when enable returns, the daemon that it started serves', async () => {
  let looks = 0;
  const { run: answer } = world;
  const run: World['run'] = (program, words) => {
    if (world.served !== null && words.includes('show') && words.includes('overseer.service')) looks += 1;
    return answer(program, words);
  };
  // It has a socket file only some time after systemd has started it.
  const daemonPid = (): number | null => (looks >= 4 ? world.daemon : null);
  expect(await enable(Object.assign(world, { run, daemonPid }), null)).toMatchObject({
    ok: true,
    facts: { pid: 77 },
  });
  expect(daemonPid()).toBe(77);
});

test('a daemon is started only when systemd has seen the end of the one before it', async () => {
  await enable(world, null);
  let looks = 0;
  const { run: answer } = world;
  const servedAtStart: (number | null)[] = [];
  const run: World['run'] = (program, words) => {
    if (words.includes('start')) servedAtStart.push(world.served);
    if (world.daemon === null && words.includes('show')) looks += 1;
    if (looks === 2) world.served = null;
    return answer(program, words);
  };
  const handOver = (): Promise<void> => {
    world.daemon = null;
    return Promise.resolve();
  };
  world.env['LANG'] = 'C.UTF-8';
  expect(await enable(Object.assign(world, { run, handOver }), null)).toMatchObject({
    ok: true,
    changed: true,
  });
  expect(servedAtStart).toEqual([null]);
});

test('a daemon of systemd that has no socket file is said not to answer', async () => {
  await enable(world, null);
  world.daemon = null;
  expect(await look(world)).toMatchObject({
    troubles: [],
    notes: [{ code: 'not-serving', pid: 77 }],
    pid: 77,
  });
});

test('what a killed enable has left is no obstacle, and does not stay', async () => {
  mkdirSync(dirname(world.unit), { recursive: true });
  writeFileSync(`${world.unit}.${process.pid}.new`, 'half');
  expect(await enable(world, null)).toMatchObject({ ok: true, changed: true });
  expect(readdirSync(dirname(world.unit))).toEqual(['overseer.service']);
});

test('an entry with the longest PATH that Linux allows is known to be ours', async () => {
  const path = `${world.home}/bin:/${'a'.repeat(128 * 1024 - world.home.length - 16)}`;
  expect(await enable(world, path)).toMatchObject({ ok: true, facts: { found: { kind: 'ours' } } });
});

test('where nobody is at the screen of a Mac, the agent is written for the next login', async () => {
  const mac = new LoginWorld('darwin');
  mac.isAtScreen = false;
  expect(await enable(mac, null)).toMatchObject({ ok: true, changed: true });
  expect([mac.deeds, entryIn(readFileSync(mac.agent, 'utf8')).kind]).toEqual([[], 'ours']);
});

test('an entry that is a link to a file elsewhere is left as it is', async () => {
  await enable(world, null);
  mkdirSync(join(world.home, 'dotfiles'));
  renameSync(world.unit, join(world.home, 'dotfiles/overseer.service'));
  symlinkSync(join(world.home, 'dotfiles/overseer.service'), world.unit);
  const foreign = { ok: false, trouble: { code: 'foreign' } };
  expect([await enable(world, null), await disable(world)]).toMatchObject([foreign, foreign]);
  expect(existsSync(world.unit)).toBe(true);
});

test('everybody may read the entry, whatever the umask of the shell', async () => {
  const before = process.umask(0o077);
  try {
    await enable(world, null);
  } finally {
    process.umask(before);
  }
  expect(statSync(world.unit).mode & 0o777).toBe(0o644);
});

test('the log of each agent is the one that its user is sent to', async () => {
  const mac = new LoginWorld('darwin');
  mac.homes.data = join(mac.home, 'other-data');
  const done = await enable(mac, null);
  const place = done.ok ? done.facts.place : null;
  expect(readFileSync(place?.file ?? '', 'utf8')).toContain(
    `<string>${mac.home}/Library/Logs/${place?.name}.log</string>`,
  );
});
