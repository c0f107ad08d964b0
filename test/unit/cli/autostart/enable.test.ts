import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { disable, enable } from '../../../../src/cli/autostart/enable.ts';
import { entryIn } from '../../../../src/cli/autostart/entry.ts';
import { look } from '../../../../src/cli/autostart/look.ts';
import { mend } from '../../../../src/cli/autostart/mend.ts';
import { LoginWorld } from '../../../support/login-world.ts';

let world: LoginWorld;
beforeEach(() => (world = new LoginWorld()));

const entryAt = (file: string) => {
  const found = entryIn(existsSync(file) ? readFileSync(file, 'utf8') : null);
  return found.kind === 'ours' ? found.entry : found.kind;
};
const troubleOf = async (doing: ReturnType<typeof enable>): Promise<unknown> => {
  const done = await doing;
  return done.ok ? 'done' : done.trouble;
};

test('enable writes an entry for this shell, and the service manager starts the daemon by it', async () => {
  const done = await enable(world, null);
  expect(done).toMatchObject({
    ok: true,
    changed: true,
    facts: {
      isEnabled: true,
      troubles: [],
      notes: [],
      pid: 77,
      place: { manager: 'systemd', file: world.unit },
    },
  });
  expect(world.deeds).toEqual(['daemon-reload', 'enable overseer.service', 'start overseer.service']);
  expect(entryAt(world.unit)).toEqual({
    program: world.running.program,
    seen: world.running,
    path: `${join(world.home, 'bin')}:/usr/bin:/usr/local/bin:/bin:/usr/sbin:/sbin`,
    variables: { HOME: world.home },
  });
  world.deeds.length = 0;
  expect(await enable(world, null)).toMatchObject({ ok: true, changed: false });
  expect(world.deeds).toEqual([]);
});

test('enable takes the jobs over from a daemon that somebody else started', async () => {
  world.daemon = 5;
  expect(await enable(world, null)).toMatchObject({ ok: true, facts: { pid: 77 } });
  expect(world.handOvers).toBe(1);
  // A daemon that this service manager runs is replaced only for a new entry.
  await enable(world, null);
  expect(world.handOvers).toBe(1);
  world.env['LANG'] = 'C.UTF-8';
  expect(await enable(world, null)).toMatchObject({ ok: true, changed: true });
  expect([world.handOvers, entryAt(world.unit)]).toMatchObject([2, { variables: { LANG: 'C.UTF-8' } }]);
});

test('enable mends an entry that the service manager has switched off, though its file is right', async () => {
  await enable(world, null);
  world.shown.set('UnitFileState', 'disabled');
  world.deeds.length = 0;
  expect(await enable(world, null)).toMatchObject({ ok: true, changed: false, facts: { pid: 77 } });
  expect(world.deeds).toEqual(['daemon-reload', 'enable overseer.service', 'start overseer.service']);
});

test.each([
  ['none', null, null, 0],
  ['another one than its own', 5, 77, 1],
])('enable starts the daemon of an entry that is right where %s runs', async (_, runs, served, handOvers) => {
  await enable(world, null);
  Object.assign(world, { daemon: runs, served });
  world.deeds.length = 0;
  expect(await enable(world, null)).toMatchObject({
    ok: true,
    changed: false,
    facts: { pid: 77, notes: [] },
  });
  expect(world.deeds).toEqual(['daemon-reload', 'enable overseer.service', 'start overseer.service']);
  expect([world.handOvers, world.daemon]).toEqual([handOvers, 77]);
});

test('a PATH that is asked for is the one of the entry, with the home in it', async () => {
  await enable(world, '~/bin:$HOME/other:/usr/bin');
  expect(entryAt(world.unit)).toMatchObject({ path: `${world.home}/bin:${world.home}/other:/usr/bin` });
  expect(await troubleOf(enable(world, 'bin:/usr/bin'))).toEqual({ code: 'odd-path', part: 'bin' });
  const bare = join(world.home, 'bare');
  expect(await troubleOf(enable(world, bare))).toEqual({
    code: 'no-node',
    path: bare,
    node: world.running.node,
  });
  expect(await troubleOf(enable(world, '/a\nb'))).toEqual({ code: 'cannot-be-written', name: 'PATH' });
});

test('a shell whose node is another one has the folder of the running node before its PATH', async () => {
  const node = world.program('own/node', 'echo own');
  world.running = { ...world.running, node };
  world.env['PATH'] = '/usr/bin';
  await enable(world, null);
  expect(entryAt(world.unit)).toMatchObject({
    path: expect.stringMatching(new RegExp(`^${dirname(node)}:`)),
  });
});

test('what overseer did not write, or what was edited, is left as it is', async () => {
  mkdirSync(dirname(world.unit), { recursive: true });
  writeFileSync(world.unit, '[Unit]\n');
  expect([await troubleOf(enable(world, null)), await troubleOf(disable(world))]).toEqual([
    { code: 'foreign' },
    { code: 'foreign' },
  ]);
  rmSync(world.unit);
  await enable(world, null);
  writeFileSync(world.unit, `${readFileSync(world.unit, 'utf8')}\n[Install]\n`);
  expect([await troubleOf(enable(world, null)), await troubleOf(disable(world))]).toEqual([
    { code: 'edited' },
    { code: 'edited' },
  ]);
  expect(await look(world)).toMatchObject({ isEnabled: true, found: { kind: 'edited' } });
});

test('a program that does not run, a folder that cannot be written and a refusal are told', async () => {
  world.refusals.set('--version', 'no such option\nmore');
  expect(await troubleOf(enable(world, null))).toEqual({ code: 'program-fails', detail: 'no such option' });
  world.refusals.clear();
  world.refusals.set('enable', 'Access denied');
  expect(await troubleOf(enable(world, null))).toEqual({
    code: 'refused',
    step: 'systemctl --user enable overseer.service',
    detail: 'Access denied',
  });
  world.refusals.clear();
  rmSync(dirname(world.unit), { recursive: true });
  symlinkSync('/nowhere/units', dirname(world.unit));
  expect(await troubleOf(enable(world, null))).toEqual({
    code: 'unwritable',
    detail: expect.stringContaining(`cannot write ${world.unit}: `),
  });
  rmSync(world.running.program);
  expect(await troubleOf(enable(world, null))).toEqual({
    code: 'program-gone',
    program: world.running.program,
  });
});

test('without systemd, or where it cannot be reached, nothing is written', async () => {
  world.missing.add('systemctl');
  expect(await troubleOf(enable(world, null))).toEqual({ code: 'no-tool', tool: 'systemctl' });
  world.missing.clear();
  world.refusals.set('--property=Version', 'Failed to connect to bus');
  expect(await troubleOf(enable(world, null))).toEqual({
    code: 'unreachable',
    detail: 'Failed to connect to bus',
  });
  expect(existsSync(world.unit)).toBe(false);
  const other = new LoginWorld('aix');
  expect([await troubleOf(enable(other, null)), await troubleOf(disable(other))]).toEqual([
    { code: 'unsupported', platform: 'aix' },
    { code: 'unsupported', platform: 'aix' },
  ]);
  expect(await look(other)).toMatchObject({
    isEnabled: false,
    troubles: [{ code: 'unsupported' }],
    place: null,
  });
});

test('disable removes the entry, and what runs goes on', async () => {
  expect(await disable(world)).toMatchObject({ ok: true, changed: false });
  await enable(world, null);
  world.deeds.length = 0;
  expect(await disable(world)).toMatchObject({ ok: true, changed: true, facts: { isEnabled: false } });
  expect([world.deeds, existsSync(world.unit), world.daemon]).toEqual([
    ['disable overseer.service', 'daemon-reload'],
    false,
    77,
  ]);
  await enable(world, null);
  world.missing.add('systemctl');
  expect(await disable(world)).toMatchObject({ ok: true, changed: true });
});

test.each<[string, (of: LoginWorld) => void, object]>([
  ['masked', ({ shown }) => shown.set('LoadState', 'masked'), { troubles: [{ code: 'masked' }] }],
  [
    'masked by its file',
    ({ shown }) => shown.set('UnitFileState', 'masked'),
    { troubles: [{ code: 'masked' }] },
  ],
  ['not known', ({ shown }) => shown.set('LoadState', 'not-found'), { troubles: [{ code: 'not-loaded' }] }],
  ['without a file', ({ shown }) => shown.set('FragmentPath', ''), { troubles: [{ code: 'not-loaded' }] }],
  [
    'of another file',
    ({ shown }) => shown.set('FragmentPath', '/etc/x'),
    { troubles: [{ code: 'other-file', file: '/etc/x' }] },
  ],
  [
    'disabled',
    ({ shown }) => shown.set('UnitFileState', 'disabled'),
    { troubles: [{ code: 'switched-off' }] },
  ],
  [
    'of a user without lingering',
    (of) => (of.lingers = false),
    { troubles: [], notes: [{ code: 'no-linger' }] },
  ],
  ['beside another daemon', (of) => (of.daemon = 5), { notes: [{ code: 'other-daemon', pid: 5 }], pid: 77 }],
  ['whose daemon does not run', (of) => (of.served = null), { pid: null }],
  ['whose program is gone', (of) => rmSync(of.running.program), { troubles: [{ code: 'program-gone' }] }],
])('status finds what is to be said of an entry that is %s', async (_, change, found) => {
  await enable(world, null);
  change(world);
  expect(await look(world)).toMatchObject(found);
});

test('on a Mac an agent is loaded; where nobody is at the screen, only at the next login', async () => {
  const mac = new LoginWorld('darwin');
  expect(await enable(mac, null)).toMatchObject({
    ok: true,
    changed: true,
    facts: { isEnabled: true, troubles: [], pid: 77, place: { manager: 'launchd', file: mac.agent } },
  });
  expect(mac.deeds).toEqual(['enable', 'bootstrap']);
  expect(entryAt(mac.agent)).toMatchObject({ variables: { LANG: 'en_US.UTF-8' } });
  mac.isSwitchedOff = true;
  expect(await look(mac)).toMatchObject({ troubles: [{ code: 'switched-off' }] });
  mac.isSwitchedOff = false;
  mac.loaded = '/elsewhere.plist';
  expect(await look(mac)).toMatchObject({ troubles: [{ code: 'other-file', file: '/elsewhere.plist' }] });
  mac.loaded = mac.agent;
  mac.env['LANG'] = 'de_DE.UTF-8';
  mac.deeds.length = 0;
  await enable(mac, null);
  expect(mac.deeds).toEqual(['bootout', 'enable', 'bootstrap']);
  expect(await disable(mac)).toMatchObject({ ok: true, changed: true });
  mac.isAtScreen = false;
  await mac.handOver();
  mac.deeds.length = 0;
  expect(await enable(mac, null)).toMatchObject({
    ok: true,
    facts: { notes: [{ code: 'nobody-at-the-screen' }] },
  });
  expect(mac.deeds).toEqual([]);
});

test('a trigger mends an entry whose programs have moved, and keeps what was recorded in it', async () => {
  expect(await mend(world)).toBeNull();
  world.env['LANG'] = 'C.UTF-8';
  await enable(world, null);
  expect(await mend(world)).toBeNull();
  const before = world.running;
  rmSync(before.program);
  world.running = { ...before, program: world.program('new/overseerd', 'echo 0.2.0') };
  delete world.env['LANG'];
  world.deeds.length = 0;
  expect(await mend(world)).toMatchObject({
    ok: true,
    was: { program: before.program },
    is: { program: world.running.program, variables: { LANG: 'C.UTF-8' } },
  });
  expect([world.deeds, entryAt(world.unit)]).toMatchObject([
    ['daemon-reload'],
    { program: world.running.program, seen: world.running },
  ]);
});

test('an entry whose node has moved has its new folder in the PATH in place of the old one', async () => {
  await enable(world, null);
  const old = world.running.node;
  rmSync(old);
  world.running = { ...world.running, node: world.program('v2/node', 'echo 2') };
  world.env['PATH'] = `${join(world.home, 'v2')}:/usr/bin`;
  const mended = await mend(world);
  expect(mended).toMatchObject({ ok: true });
  const { path } = entryAt(world.unit) as { readonly path: string };
  expect(path.split(':')[0]).toBe(join(world.home, 'v2'));
  expect(path.split(':')).not.toContain(dirname(old));
});

test('an edited entry that leads nowhere is left, and that is told', async () => {
  await enable(world, null);
  writeFileSync(world.unit, `${readFileSync(world.unit, 'utf8')}\n[Install]\n`);
  expect(await mend(world)).toBeNull();
  rmSync(world.running.program);
  world.running = { ...world.running, program: world.program('new/overseerd', 'echo 0.2.0') };
  expect(await mend(world)).toMatchObject({ ok: false, trouble: { code: 'edited' } });
});
