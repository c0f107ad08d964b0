import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { disable, enable } from '../../../../src/cli/autostart/enable.ts';
import { unitText } from '../../../../src/cli/autostart/managers/systemd-unit.ts';
import { placeOf } from '../../../../src/cli/autostart/place.ts';
import type { ToolRun } from '../../../../src/cli/autostart/tools.ts';
import type { World } from '../../../../src/cli/autostart/world.ts';
import { newFolder } from '../../../support/new-folder.ts';

const DONE: ToolRun = { code: 0, stdout: '', stderr: '', isMissing: false };

/** A systemd that notes what it is asked to do, and whether the unit stands in its file then. */
async function systemd(refuses: string | null = null) {
  const home = newFolder();
  const homes = { home, config: join(home, 'config'), data: join(home, 'data') };
  const asked: string[] = [];
  let isUp = false;
  const file = (await placeOf(homes, {}, 'linux'))?.file ?? '';
  const run: NonNullable<World['run']> = (program, words) => {
    const [, verb = ''] = words;
    if (program !== 'systemctl') return DONE;
    if (verb === 'show')
      return {
        ...DONE,
        stdout: `LoadState=loaded\nUnitFileState=enabled\nFragmentPath=${file}\nMainPID=${isUp ? 7 : 0}`,
      };
    asked.push(`${verb} ${existsSync(file) ? 'with' : 'without'} its file`);
    if (verb === refuses) return { ...DONE, code: 1, stderr: `no ${verb} today` };
    if (verb === 'start') isUp = true;
    return DONE;
  };
  const world: World = {
    homes,
    env: { PATH: dirname(process.execPath) },
    running: { program: '/bin/sh', node: process.execPath },
    version: '0.1.0',
    platform: 'linux',
    run,
    daemonPid: () => (isUp ? 7 : null),
    handOver: () => Promise.resolve(),
  };
  return { world, file, asked, textOf: () => (existsSync(file) ? readFileSync(file, 'utf8') : null) };
}

/** The same with an entry of ours. */
async function enabled(refuses: string | null = null) {
  const made = await systemd(refuses);
  mkdirSync(dirname(made.file), { recursive: true });
  const { running } = made.world;
  writeFileSync(
    made.file,
    unitText({ program: running.program, seen: running, path: '/usr/bin:/bin', variables: {} }),
  );
  return made;
}

test('the entry stands before systemd is asked to enable and start it', async () => {
  const { world, asked } = await systemd();
  expect(await enable(world, null)).toMatchObject({ ok: true, changed: true, facts: { pid: 7 } });
  expect(asked).toEqual(['daemon-reload with its file', 'enable with its file', 'start with its file']);
  expect(await enable(world, null)).toMatchObject({ ok: true, changed: false });
  expect(asked.length).toBe(3);
});

test('systemd is asked to disable an entry while it still stands, and to look again afterwards', async () => {
  const { world, asked, textOf } = await enabled();
  expect(await disable(world)).toMatchObject({ ok: true, changed: true, facts: { isEnabled: false } });
  expect([asked, textOf()]).toEqual([['disable with its file', 'daemon-reload without its file'], null]);
  expect(await disable(world)).toMatchObject({ ok: true, changed: false });
});

test('an entry that systemd does not disable stays', async () => {
  const { world, textOf } = await enabled('disable');
  expect(await disable(world)).toMatchObject({
    ok: false,
    trouble: { code: 'refused', detail: 'no disable today' },
  });
  expect(textOf()).toContain('ExecStart=');
});
