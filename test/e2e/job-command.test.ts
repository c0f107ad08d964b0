import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { home } from './support/fresh-home.ts';
import { inShort } from './support/in-short.ts';
import { job, program, script } from './support/sleeps.ts';

describe('a job that cannot be started fails, and says what is at fault', () => {
  const of = (path: string): readonly [string, string][] => [
    [`cwd does not exist: ${path}`, job('web', `cwd = "${path}"`)],
    [`command not found: ${path}`, program('web', JSON.stringify(path))],
  ];

  test('T-174 a job whose folder or command is missing, is no program or may not be run fails', async () => {
    const path = home.path('thing');
    const expectDetail = async (detail: string, text: string): Promise<void> => {
      home.write('jobs.toml', text);
      expect((await home.apply()).changes).toMatchObject([
        { state: 'failed', detail: expect.stringContaining(detail) as string, pid: null },
      ]);
    };
    for (const [detail, text] of of(path)) await expectDetail(detail, text);
    mkdirSync(path);
    await expectDetail(`not a program but a folder: ${path}`, program('web', JSON.stringify(path)));
    rmSync(path, { recursive: true });
    writeFileSync(path, 'no program');
    await expectDetail(`not executable: ${path}`, program('web', JSON.stringify(path)));
    await expectDetail(`cwd is not a folder: ${path}`, job('web', `cwd = "${path}"`));
    writeFileSync(path, '#!/no/such/interpreter\n');
    expect(readdirSync(home.data).filter((name) => name.includes('corrupt'))).toEqual([]);
  });

  test('T-175 J-42 a crashing program that is replaced comes up with the next trigger', async () => {
    const path = home.path('program');
    writeFileSync(path, '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    home.write(
      'jobs.toml',
      program('web', JSON.stringify(path), 'backoff = { min = 30 }').replace(
        'start_seconds = 0',
        'start_seconds = 2',
      ),
    );
    expect(inShort((await home.apply()).changes)).toEqual(['web start new backoff']);
    writeFileSync(path, '#!/bin/sh\nexec sleep 1000\n');
    expect(inShort((await home.apply()).changes)).toEqual(['web start not-running running']);
  });
});

test('T-176 J-30 a job that ends before start_seconds has failed to start, one that ends after has not', async () => {
  const ends = (name: string): string => script(name, 'sleep 0.3', 'backoff = { min = 20 }');
  home.write(
    'jobs.toml',
    ends('early').replace('start_seconds = 0', 'start_seconds = 60') +
      ends('late').replace('start_seconds = 0', 'start_seconds = 0.1'),
  );
  await home.apply('--no-wait');
  const early = await home.until('early', ({ state }) => state === 'backoff');
  const late = await home.until('late', ({ restarts }) => restarts === 1);
  expect([early.lastExit?.code, early.nextStartAt === null, late.lastExit?.code]).toEqual([0, false, 0]);
});
