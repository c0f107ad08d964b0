import {
  closeSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { forgetStdin, makeStdin, openStdin, type MadeStdin } from '../../../../src/job/launch/stdin-pipe.ts';
import { newFolder } from '../../../support/new-folder.ts';
import { openBelow } from '../../../support/open-files.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = join(newFolder(), 'stdin');
  path = join(folder, 'web');
});

const made = (): Promise<MadeStdin> => new Promise((resolve) => makeStdin(path, resolve));
async function fifo(): Promise<string> {
  const result = await made();
  if (!result.ok) throw new Error(result.detail);
  return result.fifo;
}

test('the input of a run gets its name when the run begins, and is its own other end', async () => {
  const made = await fifo();
  expect([existsSync(path), statSync(made).isFIFO(), statSync(folder).mode & 0o777]).toEqual([
    false,
    true,
    0o700,
  ]);
  const fd = openStdin(made, path);
  writeSync(fd, 'a line\n');
  const block = Buffer.alloc(7);
  expect([readSync(fd, block, 0, 7, null), block.toString()]).toEqual([7, 'a line\n']);
  expect([existsSync(made), statSync(path).isFIFO(), statSync(path).mode & 0o777]).toEqual([
    false,
    true,
    0o600,
  ]);
  closeSync(fd);
});

test('each run has a new input, in place of that of the run before', async () => {
  const [one, other] = [await fifo(), await fifo()];
  expect(one).not.toBe(other);
  const first = openStdin(one, path);
  writeSync(first, 'for the first run\n');
  const second = openStdin(other, path);
  writeSync(second, 'x');
  const block = Buffer.alloc(9);
  expect(readSync(second, block, 0, 9, null)).toBe(1);
  closeSync(first);
  closeSync(second);
});

test('the input pipes that an earlier daemon left are removed once', async () => {
  mkdirSync(join(folder, '.new'), { recursive: true });
  writeFileSync(join(folder, '.new', 'left'), '');
  await fifo();
  writeFileSync(join(folder, '.new', 'later'), '');
  await fifo();
  expect(readdirSync(join(folder, '.new')).includes('left')).toBe(false);
  expect(readdirSync(join(folder, '.new'))).toContain('later');
});

test('something else in the place of an input is not opened, and nothing is left open', async () => {
  const made = await fifo();
  rmSync(made);
  writeFileSync(made, '');
  expect(() => openStdin(made, path)).toThrow(
    `${made} is not the FIFO that was made there: something has replaced it`,
  );
  expect(() => openStdin(`${made}.none`, path)).toThrow('ENOENT');
  expect([existsSync(path), openBelow(folder)]).toEqual([false, []]);
});

test('an input that cannot be made says why, and whether another try would help', async () => {
  writeFileSync(folder, '');
  expect(await made()).toEqual({
    ok: false,
    detail: expect.stringMatching(/^its standard input cannot be made: (ENOTDIR|EEXIST)/),
    lasting: expect.any(Boolean),
  });
});

test('an input whose name something else has is tried again', async () => {
  const next = join(folder, '.new', String(Number(basename(await fifo())) + 1));
  writeFileSync(next, '');
  expect(await made()).toEqual({
    ok: false,
    detail: expect.stringMatching(/^its standard input cannot be made: .*File exists$/),
    lasting: false,
  });
  expect((await made()).ok).toBe(true);
});

test('an input that no child has is removed, and a file of the user stays', async () => {
  const said: string[] = [];
  const forget = (at: string): void => forgetStdin(at, (line) => said.push(line));
  closeSync(openStdin(await fifo(), path));
  forget(path);
  forget(path);
  expect(existsSync(path)).toBe(false);
  writeFileSync(path, 'mine');
  forget(path);
  forget(join(path, 'below'));
  expect([existsSync(path), said]).toEqual([true, []]);
  forget(join(folder, 'x'.repeat(300)));
  expect(said).toEqual([
    expect.stringMatching(/^the standard input of a job cannot be removed: ENAMETOOLONG/),
  ]);
});
