import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { launch, type LaunchOptions } from '../../../../src/job/launch/launch.ts';
import { LogWriters } from '../../../../src/job/logs/log-writers.ts';
import type { LaunchRequest } from '../../../../src/job/ports.ts';
import { thisOs } from '../../../../src/os/this-os.ts';
import { withDescriptorsLeft } from '../../../support/few-descriptors.ts';
import { LaunchFolder } from '../../../support/launch-folder.ts';
import { openBelow } from '../../../support/open-files.ts';
import { until } from '../../../support/until.ts';

const onLinux = process.platform === 'linux' ? test : test.skip;

const os = thisOs();
const alone: LaunchOptions = { os, openFiles: null };
const quiet = { os, log: { line: () => undefined } };
let folder: LaunchFolder;
let dir: string;
let stdin: string;
beforeEach(() => {
  folder = new LaunchFolder();
  ({ dir } = folder);
  stdin = join(dir, 'web.stdin');
});
afterEach(() => folder.dispose());

/** The events of a launch in order, up to its failure or the exit of its program. */
async function told(machine: LaunchOptions, asked: LaunchRequest): Promise<readonly unknown[]> {
  const heard: unknown[] = [];
  await new Promise<void>((resolve) => {
    const end = (what: unknown): void => {
      heard.push(what);
      resolve();
    };
    const launched = launch(machine, asked, {
      spawned: () => launched.release(),
      reaped: () => heard.push('reaped'),
      failed: end,
      exited: end,
    });
  });
  return heard;
}

onLinux('a launch for which no descriptor is left fails for now, not for good', async () => {
  const failed = [expect.objectContaining({ detail: expect.stringContaining('EMFILE'), lasting: false })];
  const asked = folder.request('true', { exits: null, exitFile: null });
  expect(await withDescriptorsLeft(0, () => told(alone, asked))).toEqual(failed);
  const withInput = { ...asked, stdin };
  expect(await withDescriptorsLeft(2, () => told(alone, withInput))).toEqual(failed);
  expect(await told(alone, withInput)).toEqual(['reaped', { code: 0, signal: null }]);
});

test.each(['file', 'pipe'] as const)(
  'the daemon hears that a child is reaped before its exit, with outputs of the kind %s',
  async (outputs) => {
    const machine = { ...alone, writers: process.platform === 'linux' ? new LogWriters(quiet) : null };
    const asked = folder.request('exit 3');
    const log = { ...asked.log, policy: { ...asked.log.policy, outputs } };
    expect(await told(machine, { ...asked, log })).toEqual(['reaped', { code: 3, signal: null }]);
  },
);

test.each([[null], ['exits/1']])(
  'the daemon has nothing open of a run once that has begun (exit file: %s)',
  async (file) => {
    const exitFile = file === null ? null : join(dir, file);
    const asked = folder.request('until [ -e end ]; do sleep 0.02; done', { exitFile, stdin });
    const ended = new Promise<void>((resolve, reject) => {
      const launched = launch(alone, asked, {
        spawned: () => {
          launched.release();
          const open = openBelow(dir);
          writeFileSync(join(dir, 'end'), '');
          if (open.length > 0) reject(new Error(open.join(' ')));
        },
        failed: ({ detail }) => reject(new Error(detail)),
        exited: () => resolve(),
      });
    });
    await ended;
  },
);

test('a launch that fails with its standard input in place removes that', async () => {
  mkdirSync(join(dir, 'exits'));
  writeFileSync(folder.exitFile, '');
  const asked = folder.request('true', { exits: null, stdin });
  expect(await told(alone, asked)).toEqual([{ detail: expect.stringContaining('EEXIST'), lasting: true }]);
  expect([existsSync(stdin), readdirSync(join(dir, '.new'))]).toEqual([false, []]);
});

/** Says that there is a pipe when the test wants it. */
class Held extends LogWriters {
  readonly held: (() => void)[] = [];

  override prepare(path: string, ready: () => void): void {
    super.prepare(path, () => this.held.push(ready));
  }
}

onLinux('a launch that is cancelled while it waits for a pipe leaves no standard input behind', async () => {
  const writers = new Held(quiet);
  const launched = launch({ ...alone, writers }, folder.request('true', { stdin }), {
    spawned: () => undefined,
    failed: () => undefined,
    exited: () => undefined,
  });
  await until(() => writers.held.length === 1);
  expect(readdirSync(join(dir, '.new')).length).toBe(1);
  launched.cancel();
  writers.held[0]?.();
  await until(() => readdirSync(join(dir, '.new')).length === 0);
  expect(existsSync(stdin)).toBe(false);
});

/** Others have taken the last pipe once, between the moment when there is one and the launch. */
class Taken extends LogWriters {
  prepared = 0;

  override prepare(path: string, ready: () => void): void {
    super.prepare(path, () => {
      this.prepared += 1;
      ready();
    });
  }

  override isPrepared(path: string): boolean {
    return this.prepared !== 1 && super.isPrepared(path);
  }
}

onLinux('a launch whose pipe others have taken meanwhile waits for another one', async () => {
  const writers = new Taken(quiet);
  expect(await told({ ...alone, writers }, folder.request('exit 3'))).toContainEqual({
    code: 3,
    signal: null,
  });
  expect(writers.prepared).toBe(2);
});
