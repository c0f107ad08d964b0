import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFifos, type MadeFifos } from '../../../src/os/make-fifos.ts';
import { thisOs } from '../../../src/os/this-os.ts';
import { withDescriptorsLeft } from '../../support/few-descriptors.ts';
import { newFolder } from '../../support/new-folder.ts';

const made = (...paths: readonly string[]): Promise<MadeFifos> =>
  new Promise((resolve) => makeFifos(paths, resolve));

test('FIFOs are made that only this user can open', async () => {
  const folder = newFolder();
  const paths = ['a', 'b'].map((name) => join(folder, name));
  expect(await made(...paths)).toEqual({ ok: true });
  for (const path of paths) {
    const stats = statSync(path);
    expect([stats.isFIFO(), stats.mode & 0o777]).toEqual([true, 0o600]);
  }
});

test('a FIFO that cannot be made says why, in no more than a few words', async () => {
  const folder = newFolder();
  writeFileSync(join(folder, 'there'), '');
  expect(await made(join(folder, 'there'))).toEqual({
    ok: false,
    error: null,
    why: expect.stringMatching(/there.*File exists$/),
  });
  const failed = await made(...Array.from({ length: 20 }, (_, at) => join(folder, 'none', `${at}`)));
  expect(failed).toMatchObject({ ok: false, error: null });
  if (!failed.ok) expect(failed.why.length).toBeGreaterThan(250);
  if (!failed.ok) expect(failed.why.length).toBeLessThanOrEqual(300);
  expect(existsSync(join(folder, 'none'))).toBe(false);
});

(thisOs().name === 'linux' ? test : test.skip)(
  'where no descriptor is left for mkfifo(1) that is reported, and later it is run',
  async () => {
    const path = join(newFolder(), 'fifo');
    expect(await withDescriptorsLeft(2, () => made(path))).toEqual({
      ok: false,
      error: expect.objectContaining({ code: 'EMFILE', syscall: 'spawn mkfifo' }),
      why: expect.any(String),
    });
    expect(await made(path)).toEqual({ ok: true });
  },
);
