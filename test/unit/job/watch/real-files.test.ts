import { realFiles } from '../../../../src/job/watch/real-files.ts';
import type { WatchEvents } from '../../../../src/job/ports.ts';

/** Files in whose place the test says what changes; `open` are the folders that are watched now. */
function files() {
  const trees: { readonly cwd: string; readonly on: WatchEvents; renewed: number; isOpen: boolean }[] = [];
  class WatchTree {
    readonly #tree: (typeof trees)[number];
    constructor({ cwd }: { readonly cwd: string }, on: WatchEvents) {
      this.#tree = { cwd, on, renewed: 0, isOpen: true };
      trees.push(this.#tree);
    }
    renew(): void {
      this.#tree.renewed += 1;
    }
    end(): void {
      this.#tree.isOpen = false;
    }
  }
  const load = () => Promise.resolve({ WatchTree } as never);
  const made = realFiles({ data: '/data', isOurs: () => false }, { calls: {} as never, load });
  const heard: string[] = [];
  const watch = (name: string, cwd: string, globs: readonly string[] = ['*.js']) =>
    made.watch(
      { cwd, globs },
      {
        changed: (path) => heard.push(`${name} sees ${path}`),
        remarked: (remarks) => heard.push(`${name} hears ${remarks.join()}`),
      },
    );
  const loaded = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const open = (): readonly string[] => trees.filter(({ isOpen }) => isOpen).map(({ cwd }) => cwd);
  return { watch, loaded, trees, open, heard: () => heard.splice(0) };
}

test('copies of a job share one watch, which ends with the last of them', async () => {
  const { watch, loaded, trees, open, heard } = files();
  const [one, two] = [watch('web@1', '/app'), watch('web@2', '/app')];
  await loaded();
  trees[0]?.on.changed('/app/a.js');
  expect([open(), heard()]).toEqual([['/app'], ['web@1 sees /app/a.js', 'web@2 sees /app/a.js']]);
  two.renew();
  one.end();
  one.end();
  trees[0]?.on.changed('/app/b.js');
  expect([open(), heard(), trees[0]?.renewed]).toEqual([['/app'], ['web@2 sees /app/b.js'], 1]);
  two.end();
  expect(open()).toEqual([]);
  watch('web@1', '/app');
  await loaded();
  expect([open(), trees.length]).toEqual([['/app'], 2]);
});

test('the same names in another folder, and other names, are watched apart', async () => {
  const { watch, loaded, trees, open, heard } = files();
  watch('web', '/app');
  const api = watch('api', '/other');
  watch('styles', '/app', ['*.css']);
  await loaded();
  expect(open()).toEqual(['/app', '/other', '/app']);
  trees[1]?.on.changed('/other/a.js');
  api.end();
  expect([heard(), open()]).toEqual([['api sees /other/a.js'], ['/app', '/app']]);
});

test('a copy that comes later hears what was remarked before it came', async () => {
  const { watch, loaded, trees, heard } = files();
  watch('web@1', '/app');
  await loaded();
  trees[0]?.on.remarked(['too many folders']);
  watch('web@2', '/app');
  expect(heard()).toEqual(['web@1 hears too many folders', 'web@2 hears too many folders']);
});

test('a watch that ends before its code is loaded never begins', async () => {
  const { watch, loaded, trees } = files();
  watch('web', '/app').end();
  await loaded();
  expect(trees).toEqual([]);
});
