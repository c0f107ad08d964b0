import { existsSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { enable } from '../../../../src/cli/autostart/enable.ts';
import { entryIn } from '../../../../src/cli/autostart/entry.ts';
import { mend } from '../../../../src/cli/autostart/mend.ts';
import { entryHasMoved } from '../../../../src/cli/autostart/moved.ts';
import { LoginWorld } from '../../../support/login-world.ts';

/** A world with an entry for `~/links/overseerd`, a link to version 1. */
async function linked(platform: 'linux' | 'darwin' = 'linux') {
  const world = new LoginWorld(platform);
  const file = platform === 'linux' ? world.unit : world.agent;
  const link = join(world.home, 'links/overseerd');
  world.program('links/other', 'echo other');
  world.running = { ...world.running, program: world.program('v1/overseerd', 'echo 0.1.0') };
  symlinkSync(world.running.program, link);
  world.env['PATH'] = `${dirname(link)}:${world.env['PATH']}`;
  await enable(world, null);
  world.deeds.length = 0;
  const entry = () => {
    const found = entryIn(existsSync(file) ? readFileSync(file, 'utf8') : null);
    return found.kind === 'ours' ? found.entry : null;
  };
  return { world, link, file, entry };
}

type Linked = Awaited<ReturnType<typeof linked>>;

/** Version 2 comes in place of version 1, and the link leads to it. */
function upgrade({ world, link }: Linked): void {
  rmSync(world.running.program);
  rmSync(link);
  world.running = { ...world.running, program: world.program('v2/overseerd', 'echo 0.2.0') };
  symlinkSync(world.running.program, link);
}

/** Node is elsewhere now, and the shell finds nothing but that. */
function moveNode({ world }: Linked): void {
  rmSync(world.running.node);
  world.running = { ...world.running, node: world.program('node-2/node', 'echo 2') };
  world.env['PATH'] = join(world.home, 'node-2');
}

test('an upgrade behind a link is noticed only once, and not mentioned', async () => {
  const made = await linked();
  upgrade(made);
  const { world, link, file, entry } = made;
  expect(entryHasMoved(file, world.running)).toBe(true);
  expect(await mend(world)).toBeNull();
  expect(entry()).toMatchObject({ program: link, seen: world.running });
  expect(entryHasMoved(file, world.running)).toBe(false);
});

test('a mended entry keeps its link to overseerd, though the shell has it no longer', async () => {
  const made = await linked();
  moveNode(made);
  expect(await mend(made.world)).toMatchObject({ ok: true, is: { program: made.link } });
  expect(made.entry()?.path.split(':').slice(0, 2)).toEqual([
    join(made.world.home, 'node-2'),
    join(made.world.home, 'links'),
  ]);
});

test('a folder that lost its node stays in the PATH if another node has come into it', async () => {
  const made = await linked();
  const { world } = made;
  const folder = dirname(world.running.node);
  moveNode(made);
  world.program('bin/node', 'echo another');
  expect(await mend(world)).toMatchObject({ ok: true });
  expect(made.entry()?.path.split(':')).toContain(folder);
});

test('an entry that cannot be repaired stays as it was, and the reason is given', async () => {
  const made = await linked();
  moveNode(made);
  made.world.refusals.set('--version', 'it needs a newer node');
  const before = readFileSync(made.file, 'utf8');
  expect(await mend(made.world)).toMatchObject({
    ok: false,
    trouble: { code: 'program-fails', detail: 'it needs a newer node' },
  });
  expect([readFileSync(made.file, 'utf8'), made.world.deeds]).toEqual([before, []]);
});

test('a mended agent is loaded again, and its daemon takes over the jobs', async () => {
  const made = await linked('darwin');
  moveNode(made);
  const before = made.world.handOvers;
  expect(await mend(made.world)).toMatchObject({ ok: true });
  expect([made.world.deeds, made.world.handOvers - before]).toEqual([['bootout', 'enable', 'bootstrap'], 1]);
});

test.each<[string, (made: Linked) => void]>([
  ['still says the same', upgrade],
  [
    'belongs to somebody who is not at the screen',
    (made) => {
      made.world.isAtScreen = false;
      moveNode(made);
    },
  ],
  [
    'runs no daemon',
    (made) => {
      made.world.served = null;
      moveNode(made);
    },
  ],
])('a mended agent that %s is not loaded, and no daemon ends', async (_, change) => {
  const made = await linked('darwin');
  change(made);
  const before = made.world.handOvers;
  await mend(made.world);
  expect([made.world.deeds, made.world.handOvers]).toEqual([[], before]);
  expect(made.entry()?.seen).toEqual(made.world.running);
});
