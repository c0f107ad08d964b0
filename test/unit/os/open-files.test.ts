import { execFileSync } from 'node:child_process';
import { openFilesFor, openFilesOutside } from '../../../src/os/open-files.ts';
import { start } from '../../support/own-processes.ts';
import { until } from '../../support/until.ts';
import { readLimit } from '../../../src/os/read-limit.ts';

const NAME = 'OVERSEER_OPEN_FILES';
const own = readLimit('self', 'Max open files');

test('the limit that was handed on counts, where Node has raised its own above it', () => {
  if (own === null) return;
  expect(
    [`${own - 1}`, `${own}`, `${own + 1}`, 'many', '-1', '1x', ''].map((text) =>
      openFilesOutside({ [NAME]: text }),
    ),
  ).toEqual([own - 1, null, null, null, null, null, null]);
});

test('the daemon is given the open-file limit if it is known, else nothing', () => {
  if (own === null) return;
  expect([openFilesFor({ [NAME]: '7' }), openFilesFor({ [NAME]: 'many' })]).toEqual([{ [NAME]: '7' }, {}]);
});

test('a limit is the soft one of its name, and none where it is unlimited or unknown', async () => {
  if (process.platform !== 'linux') return;
  const soft = (letter: string): string =>
    execFileSync('/bin/sh', ['-c', `ulimit -S${letter}`], { encoding: 'utf8' }).trim();
  const core = soft('c');
  const inKib = readLimit('self', 'Max stack size');
  expect(inKib === null ? 'unlimited' : String(inKib / 1024)).toBe(soft('s'));
  expect(readLimit('self', 'Max core file size') === null).toBe(core === 'unlimited');
  const { pid } = start('/bin/sh', ['-c', 'ulimit -Sn 77; exec sleep 1000']);
  await until(() => readLimit(pid, 'Max open files') === 77);
  expect([
    readLimit('self', 'Max'),
    readLimit('self', 'No such limit'),
    readLimit(2 ** 30, 'Max open files'),
  ]).toEqual([null, null, null]);
});
