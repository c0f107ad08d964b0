import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { rotateByRename, rotateLog, type RotateOptions } from '../../../../src/job/logs/rotate-log.ts';
import type { LaterOs } from '../../../../src/os/os.ts';
import { signalGroup, signalProcess } from '../../../../src/os/signal.ts';
import { thisOs } from '../../../../src/os/this-os.ts';
import { until } from '../../../support/until.ts';

/** Ends a program with its test, whatever ends that: one that writes for ever would fill the disk. */
const ENDS_WITH_ITS_TEST = `process.stdin.on('end', () => process.exit()).resume().unref();`;
/** One numbered line a write, as fast as it can, until SIGTERM. */
const WRITES_LINES = `
  const { writeSync } = require('node:fs');
  let line = 0;
  process.on('SIGTERM', () => { writeSync(1, 'end ' + line + '\\n'); process.exit(0); });
  (function some() { for (let n = 0; n < 200; n++) writeSync(1, 'line ' + line++ + ' '.repeat(line % 90) + '.\\n'); setImmediate(some); })();
`;
/** The same from a second thread, so that the first one says nothing of whether the process stands still. */
const WRITES_FROM_A_THREAD = `
  const { Worker } = require('node:worker_threads');
  const end = new SharedArrayBuffer(4);
  new Worker(\`
    const { writeSync } = require('node:fs');
    const end = new Int32Array(require('node:worker_threads').workerData);
    let line = 0;
    while (!Atomics.load(end, 0)) writeSync(1, 'line ' + line++ + ' '.repeat(line % 90) + '.\\\\n');
    writeSync(1, 'end ' + line + '\\\\n');
  \`, { eval: true, workerData: end });
  process.on('SIGTERM', () => Atomics.store(new Int32Array(end), 0, 1));
`;
/** Blocks of 4096 bytes that end anywhere in a line, as C's stdio writes to a file. */
const WRITES_BLOCKS = `
  const { writeSync } = require('node:fs');
  let line = 0, held = '';
  function some() {
    while (held.length < 4096) held += 'line ' + line++ + ' '.repeat(line % 90) + '.\\n';
    writeSync(1, held.slice(0, 4096));
    held = held.slice(4096);
  }
  process.on('SIGTERM', () => { writeSync(1, held + 'end ' + line + '\\n'); process.exit(0); });
  (function often() { for (let n = 0; n < 20; n++) some(); setImmediate(often); })();
`;

let folder: string;
let log: string;
const started: ChildProcess[] = [];

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'overseer-log-'));
  log = path.join(folder, 'web.log');
});

afterEach(async () => {
  for (const child of started.splice(0)) {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      signalProcess(child.pid, 'SIGKILL');
      await ended;
    }
  }
  fs.rmSync(folder, { recursive: true, force: true });
});

function startWriter(program: string): { child: ChildProcess; pgid: number } {
  const fd = fs.openSync(log, 'a');
  const child = spawn(process.execPath, ['-e', ENDS_WITH_ITS_TEST + program], {
    detached: true,
    stdio: ['pipe', fd, 'inherit'],
  });
  fs.closeSync(fd);
  started.push(child);
  return { child, pgid: child.pid ?? 0 };
}

async function endWriter({ child, pgid }: { child: ChildProcess; pgid: number }): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  signalGroup(pgid, 'SIGTERM');
  await ended;
}

const sizeOf = (file: string) => fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0;
const names = () => fs.readdirSync(folder).toSorted();
const stateOf = (pid: number) =>
  thisOs()
    .processes()
    .find((info) => info.pid === pid)?.state;

/**
 * The logs from the oldest to the newest, in one piece; throws unless they hold every line once, in order and
 * whole.
 */
function expectEveryLine(keep: number): number {
  const files = [...Array(keep).keys()].map((at) => `${log}.${at + 1}`).filter((file) => fs.existsSync(file));
  let at = 0;
  let end = -1;
  for (const file of [...files.toReversed(), log]) {
    const lines = fs.readFileSync(file, 'latin1').split('\n');
    // Each file ends with a whole line.
    expect({ file, rest: lines.pop() }).toEqual({ file, rest: '' });
    for (const line of lines) {
      const wanted = `line ${at}${' '.repeat((at + 1) % 90)}.`;
      if (line === wanted) at += 1;
      else if (line === `end ${at}`) end = at;
      else throw new Error(`${file}: wanted ${JSON.stringify(wanted)}, found ${JSON.stringify(line)}`);
    }
  }
  expect(end).toBe(at);
  return at;
}

const pausing = (pgid: number, more: Partial<RotateOptions> = {}): RotateOptions => ({
  path: log,
  keep: 1000,
  mode: 'pause',
  pgid,
  ...more,
});

describe('rotating a log that is being written', () => {
  test.each([
    ['one line a write', WRITES_LINES, 60],
    ['from a second thread', WRITES_FROM_A_THREAD, 40],
    ['blocks that end within a line', WRITES_BLOCKS, 40],
  ])(
    'T-231 a rotation loses and tears no line of a fast writer: %s',
    async (_title, program, rotations) => {
      const writer = startWriter(program);
      const pauses: number[] = [];
      let bytes = 0;
      for (let at = 0; at < rotations; at += 1) {
        await until(() => sizeOf(log) > 20_000);
        const rotation = await rotateLog(pausing(writer.pgid));
        expect(rotation).toEqual({ ok: true, bytes: expect.any(Number), pausedMs: expect.any(Number) });
        if (rotation.ok) {
          bytes += rotation.bytes;
          pauses.push(rotation.pausedMs);
        }
      }
      await endWriter(writer);
      expect(expectEveryLine(1000)).toBeGreaterThan(1000);
      expect(names().length).toBe(rotations + 1);
      const older = names().filter((name) => name !== 'web.log');
      expect(older.reduce((sum, name) => sum + sizeOf(path.join(folder, name)), 0)).toBe(bytes);
      // It takes 1.5 to 15 ms; the limit leaves room for a busy machine, and fails for a job that stays
      // paused.
      expect(Math.max(...pauses)).toBeLessThan(10_000);
      if (process.env['SHOW_PAUSES'])
        console.log(
          pauses
            .toSorted((a, b) => a - b)
            .map((ms) => ms.toFixed(1))
            .join(' '),
        );
    },
    180_000,
  );

  test('a rotation keeps as many older logs as asked, also after the number was lowered', async () => {
    const add = (text: string) => fs.appendFileSync(log, text);
    for (const text of ['1\n', '2\n', '3\n', '4\n', '5\n']) {
      add(text);
      expect(await rotateLog(pausing(0, { pgid: null, keep: 3 }))).toEqual({
        ok: true,
        bytes: 2,
        pausedMs: 0,
      });
    }
    const content = () =>
      Object.fromEntries(names().map((name) => [name, fs.readFileSync(path.join(folder, name), 'utf8')]));
    expect(content()).toEqual({ 'web.log': '', 'web.log.1': '5\n', 'web.log.2': '4\n', 'web.log.3': '3\n' });
    add('6\n');
    await rotateLog(pausing(0, { pgid: null, keep: 1, mode: 'truncate' }));
    expect(content()).toEqual({ 'web.log': '', 'web.log.1': '6\n' });
    add('7\n');
    expect(await rotateLog(pausing(0, { pgid: null, keep: 0 }))).toEqual({ ok: true, bytes: 2, pausedMs: 0 });
    expect(content()).toEqual({ 'web.log': '' });
  });

  test('T-232 a rotation copies what comes while it works', async () => {
    const big = 'x'.repeat(99).concat('\n').repeat(50_000);
    fs.writeFileSync(log, big);
    const rotating = rotateLog(pausing(0, { pgid: null }));
    fs.appendFileSync(log, 'late\n');
    await rotating;
    expect(fs.readFileSync(`${log}.1`, 'utf8') === `${big}late\n`).toBe(true);
  });

  test('a rotation loses nothing of a log that someone emptied meanwhile', async () => {
    fs.writeFileSync(log, 'first\nsecond\n');
    const writer = startWriter('setInterval(() => {}, 1000)');
    let asked = 0;
    const group: LaterOs['group'] = (pgid, done) => {
      asked += 1;
      if (asked === 2) fs.writeFileSync(log, 'third\n');
      done(thisOs().group(pgid));
    };
    expect(await rotateLog(pausing(writer.pgid), { later: { ...thisOs().later, group } })).toMatchObject({
      ok: true,
    });
    expect(fs.readFileSync(`${log}.1`, 'utf8')).toBe('first\nsecond\nthird\n');
    expect(fs.readFileSync(log, 'utf8')).toBe('');
  });

  test('an empty log stays, a missing one is reported, and nothing is shifted', async () => {
    fs.writeFileSync(`${log}.1`, 'old\n');
    expect(await rotateLog(pausing(0, { pgid: null }))).toEqual({
      ok: false,
      reason: 'disk',
      message: expect.stringContaining('ENOENT'),
    });
    fs.writeFileSync(log, '');
    expect(await rotateLog(pausing(0, { pgid: null }))).toEqual({ ok: true, bytes: 0, pausedMs: 0 });
    expect(names()).toEqual(['web.log', 'web.log.1']);
  });

  test('if the folder refuses a rename, the log is not rotated', async () => {
    fs.writeFileSync(log, 'precious\n');
    fs.mkdirSync(`${log}.1`);
    fs.writeFileSync(path.join(`${log}.1`, 'in the way'), '');
    const rotation = await rotateLog(pausing(0, { pgid: null, keep: 1 }));
    expect(rotation).toEqual({ ok: false, reason: 'disk', message: expect.stringContaining('web.log') });
    expect(fs.readFileSync(log, 'utf8')).toBe('precious\n');
    expect(names()).toEqual(['web.log', 'web.log.1']);
  });
});

describe('the pause', () => {
  test('a pause is refused when a member does not stop in time, and the group runs on', async () => {
    const writer = startWriter(WRITES_LINES);
    await until(() => sizeOf(log) > 1000);
    // A world in which one member never stands still.
    const group: LaterOs['group'] = (pgid, done) =>
      done(
        thisOs()
          .group(pgid)
          .map((info) => ({ ...info, state: 'D' })),
      );
    const rotation = await rotateLog(pausing(writer.pgid), { later: { ...thisOs().later, group } });
    expect(rotation).toEqual({
      ok: false,
      reason: 'pause',
      message: `cannot rotate ${log}: process ${writer.pgid} of group ${writer.pgid} did not stop (state D)`,
    });
    await until(() => stateOf(writer.pgid) !== 'T');
    await endWriter(writer);
    expectEveryLine(0);
    expect(names()).toEqual(['web.log']);
  });

  test('T-233 a pause does not continue what someone else has stopped', async () => {
    const writer = startWriter(WRITES_LINES);
    await until(() => sizeOf(log) > 1000);
    signalGroup(writer.pgid, 'SIGSTOP');
    await until(() => stateOf(writer.pgid) === 'T');
    const rotation = await rotateLog(pausing(writer.pgid));
    expect(rotation).toEqual({
      ok: false,
      reason: 'pause',
      message: expect.stringContaining('is stopped already'),
    });
    expect(stateOf(writer.pgid)).toBe('T');
    signalGroup(writer.pgid, 'SIGCONT');
    await endWriter(writer);
    expectEveryLine(0);
  });

  test('a log of a group that has ended is rotated all the same', async () => {
    const writer = startWriter(WRITES_LINES);
    await until(() => sizeOf(log) > 1000);
    await endWriter(writer);
    expect(await rotateLog(pausing(writer.pgid))).toEqual({
      ok: true,
      bytes: expect.any(Number),
      pausedMs: expect.any(Number),
    });
    expectEveryLine(1);
  });

  test('a pause never stops overseer itself', async () => {
    fs.writeFileSync(log, 'x\n');
    await expect(rotateLog(pausing(process.pid))).rejects.toThrow('overseer itself');
    await expect(rotateLog(pausing(1))).rejects.toThrow('not a process');
    expect(names()).toEqual(['web.log']);
  });

  test('T-234 a pause ends when its caller is killed within it, and the log is whole', async () => {
    const writer = startWriter(WRITES_LINES);
    await until(() => sizeOf(log) > 20_000);
    // A pause that never succeeds: the group always looks as if it still ran.
    const program = `
      import { rotateLog } from ${JSON.stringify(path.resolve('src/job/logs/rotate-log.ts'))};
      const start = '${thisOs().identify(writer.pgid)?.start}';
      const group = (pgid, done) => done([{ pid: pgid, start, pgid, state: 'R' }]);
      await rotateLog({ path: ${JSON.stringify(log)}, keep: 3, mode: 'pause', pgid: ${writer.pgid} }, { later: { group } });
    `;
    const bundle = path.join(folder, 'caller.mjs');
    buildSync({
      stdin: { contents: program, resolveDir: process.cwd(), loader: 'ts' },
      bundle: true,
      platform: 'node',
      format: 'esm',
      outfile: bundle,
    });
    for (let round = 0; round < 3; round += 1) {
      const caller = spawn(process.execPath, [bundle], { stdio: ['ignore', 'ignore', 'inherit'] });
      started.push(caller);
      await until(() => stateOf(writer.pgid) === 'T');
      signalProcess(caller.pid ?? 0, 'SIGKILL');
      await until(() => stateOf(writer.pgid) !== 'T');
    }
    fs.rmSync(bundle);
    // What the caller left of its copy is in nobody's way.
    expect(names()).toEqual(['web.log', 'web.log.rotating']);
    expect((await rotateLog(pausing(writer.pgid))).ok).toBe(true);
    await endWriter(writer);
    expectEveryLine(1000);
    expect(names()).toEqual(['web.log', 'web.log.1']);
  });
});

describe('rotating by renaming', () => {
  test('a log is moved aside as it is, and a crash between two renames costs no older log', () => {
    const write = (name: string, text: string) => fs.writeFileSync(path.join(folder, name), text);
    write('web.log', 'new');
    write('web.log.2', 'older');
    write('web.log.3', 'oldest');
    write('web.log.rotating', 'half a copy');
    expect(rotateByRename(log, 3)).toEqual({ ok: true, bytes: 3, pausedMs: 0 });
    expect(names()).toEqual(['web.log.1', 'web.log.2', 'web.log.3']);
    expect(fs.readFileSync(`${log}.1`, 'utf8')).toBe('new');
    expect(fs.readFileSync(`${log}.3`, 'utf8')).toBe('oldest');
    expect(rotateByRename(log, 3)).toEqual({ ok: true, bytes: 0, pausedMs: 0 });
    expect(names()).toEqual(['web.log.1', 'web.log.2', 'web.log.3']);
    write('web.log', 'newer');
    rotateByRename(log, 3);
    expect(['1', '2', '3'].map((at) => fs.readFileSync(`${log}.${at}`, 'utf8'))).toEqual([
      'newer',
      'new',
      'older',
    ]);
    write('web.log', 'x');
    expect(rotateByRename(log, 0)).toEqual({ ok: true, bytes: 1, pausedMs: 0 });
    expect(names()).toEqual([]);
  });

  test('T-235 a rotation by renaming tells what the disk refuses', () => {
    fs.symlinkSync(log, log);
    expect(rotateByRename(log, 1)).toEqual({
      ok: false,
      reason: 'disk',
      message: expect.stringContaining('ELOOP'),
    });
  });
});
