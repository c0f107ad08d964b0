import { execFileSync } from 'node:child_process';
import { mkdirSync, realpathSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Problem } from '../../../../src/config/config.ts';
import { readConfig, readConfigFiles, readSmallConfig } from '../../../../src/config/read-config.ts';
import { readBytes } from '../../../../src/config/toml/files.ts';
import { openBelow } from '../../../support/open-files.ts';
import { HOME, folderOf, complaints } from '../../../support/config-files.ts';

describe('files that are no config', () => {
  test('T-220 a directory, a FIFO and a broken link are problems, and reading never hangs', () => {
    const dir = folderOf({});
    mkdirSync(join(dir, 'a.toml'));
    execFileSync('mkfifo', [join(dir, 'b.toml')]);
    symlinkSync('nowhere', join(dir, 'c.toml'));
    symlinkSync('d.toml', join(dir, 'd.toml'));
    symlinkSync('/dev/zero', join(dir, 'e.toml'));
    const reading = readConfig({ dir, home: HOME });
    const at = (name: string, message: string): Problem => ({
      file: join(dir, name),
      line: 1,
      column: 1,
      message: `cannot be read: ${message}`,
    });
    expect(reading.ok ? [] : reading.problems).toEqual([
      at('a.toml', 'expected a regular file, found a directory'),
      at('b.toml', 'expected a regular file, found a FIFO'),
      at('c.toml', 'there is no such file'),
      at('d.toml', 'its links lead in a circle'),
      at('e.toml', 'expected a regular file, found a device'),
    ]);
  });

  test('however a reading ends, no file stays open', () => {
    const dir = folderOf({ 'a.toml': 'x', 'b.toml': 'xyz' });
    mkdirSync(join(dir, 'c.toml'));
    expect(readBytes(join(dir, 'a.toml'), 1)).toMatchObject({ ok: true });
    expect(readBytes(join(dir, 'b.toml'), 2)).toMatchObject({ ok: false });
    expect(readBytes(join(dir, 'c.toml'), 2)).toMatchObject({ ok: false });
    expect(openBelow(realpathSync(dir))).toEqual([]);
  });

  test('files that are small alone and too large together are refused', () => {
    const half = `#${' '.repeat(4 * 2 ** 20 - 1)}`;
    expect(complaints({ 'a.toml': half, 'b.toml': half })).toEqual([]);
    expect(complaints({ 'a.toml': half, 'b.toml': half, 'c.toml': '#' })).toEqual([
      'c.toml:1:1: all config files together are too large: at most 8 MiB are read',
    ]);
  });

  test('a folder whose list of names alone is too much for a quick reading is not read quickly', () => {
    const dir = folderOf({});
    const { size } = statSync(dir);
    expect(readSmallConfig({ dir, home: HOME }, size)).toMatchObject({ ok: true });
    expect(readSmallConfig({ dir, home: HOME }, size - 1)).toBeNull();
  });

  // Nothing is forbidden to root.
  const testUnlessRoot = process.getuid?.() === 0 ? test.skip : test;

  testUnlessRoot('a file that may not be read is a problem that says so', () => {
    const dir = folderOf({ 'a.toml': '' });
    execFileSync('chmod', ['000', join(dir, 'a.toml')]);
    expect(readConfig({ dir, home: HOME })).toMatchObject({
      problems: [{ message: 'cannot be read: permission is denied' }],
    });
  });

  test('a folder below a file is no missing one, with any version of Node', () => {
    const dir = join(folderOf({ x: '' }), 'x', 'below');
    expect(readConfig({ dir, home: HOME })).toMatchObject({
      problems: [{ file: dir, message: 'cannot be read: a part of its path is no folder' }],
    });
  });

  test('a file in the place of the config folder is the one config file', () => {
    const dir = join(folderOf({ x: '' }), 'x');
    expect(readConfig({ dir, home: HOME })).toMatchObject({ ok: true, files: [dir] });
  });

  test('T-222 a file above 8 MiB and jobs above 10 000 are refused before they are parsed', () => {
    expect(complaints({ 'a.toml': `[ #${' '.repeat(8 * 2 ** 20)}` })).toEqual([
      'a.toml:1:1: is too large: at most 8 MiB are read',
    ]);
    expect(
      complaints({
        'a.toml': `[[jobs]]\n${'[[jobs]]\n'.repeat(5000)}`,
        'b.toml': ' [[ jobs ]] [\n'.repeat(5000),
      }),
    ).toEqual(['b.toml:5000:1: too many jobs: at most 10000 are read']);
    expect(
      complaints(
        '[[jobs]]\nname = "a"\njob_command = "x"\ninstances = 10000\n[[jobs]]\nname = "b"\njob_command = "x"',
      ),
    ).toEqual(['a.toml:5:1: jobs[1] "b": too many jobs: at most 10000, instances included, are kept']);
  });

  test('check reads the files that it is given, each once, and a missing one is a problem', () => {
    const dir = folderOf({ 'a.conf': '[[jobs]]\nname = "a"\njob_command = "x"' });
    const files = [join(dir, 'a.conf'), join(dir, 'a.conf')];
    expect(readConfigFiles(files, { home: HOME })).toMatchObject({
      ok: true,
      files: [files[0]],
      config: { jobs: [{ name: 'a' }] },
    });
    expect(readConfigFiles([join(dir, 'b')], { home: HOME })).toMatchObject({
      ok: false,
      problems: [{ file: join(dir, 'b'), line: 1 }],
    });
  });
});
