import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Editing } from '../../../../src/cli/edit/editing.ts';
import { EXIT } from '../../../../src/cli/exit-codes.ts';
import { HOMES } from '../../../support/fake-client.ts';
import { leastCli } from '../../../support/least-cli.ts';
import { newFolder } from '../../../support/new-folder.ts';

/** An edit of these files, in a folder with blanks in its name, by an editor that notes its words. */
function edit(editor: (noted: string) => Record<string, string>, files: readonly string[] = ['a.toml']) {
  const home = newFolder();
  const config = join(home, 'my  config $HOME');
  const noted = join(home, 'noted');
  mkdirSync(config);
  const paths = files.map((name) => join(config, name));
  for (const path of paths) writeFileSync(path, '');
  const { cli } = leastCli({ env: editor(noted), homes: { ...HOMES, config } });
  const after: string[] = [];
  const editing = new Editing(cli, paths, {
    plan: () => Promise.resolve((after.push('plan'), EXIT.done)),
    apply: () => Promise.resolve((after.push('apply'), EXIT.done)),
  });
  return {
    editing,
    paths,
    after,
    words: () => readFileSync(noted, 'utf8').split('\n').slice(0, -1),
  };
}

/** An editor with an option of its own. */
const noting = (noted: string): string => `f() { printf '%s\\n' "$@" > '${noted}'; }; f --wait`;

test('an editor gets each file whole, whatever its path, after its own options', async () => {
  const { editing, paths, after, words } = edit(
    (noted) => ({ EDITOR: noting(noted) }),
    ['a.toml', 'b c.toml'],
  );
  expect(await editing.run()).toBe(EXIT.done);
  expect([words(), after]).toEqual([['--wait', ...paths], ['plan']]);
});

test.each([{}, { VISUAL: '', EDITOR: ' ' }])('with the environment %j the editor is vi', async (env) => {
  const { editing, paths, words } = edit((noted) => {
    const vi = join(dirname(noted), 'bin');
    mkdirSync(vi);
    writeFileSync(join(vi, 'vi'), `#!/bin/sh\n${noting(noted)} "$@"\n`, { mode: 0o755 });
    return { ...env, PATH: `${vi}:${process.env['PATH']}` };
  });
  expect([await editing.run(), words()]).toEqual([EXIT.done, ['--wait', ...paths]]);
});
