import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { home } from './support/fresh-home.ts';
import { job } from './support/sleeps.ts';

test('T-44 a trigger without any config suggests init, and with a config of no jobs it does not', async () => {
  const told = `There is no config in ${home.config} yet: \`overseer init\` writes a first one.\n`;
  expect(await home.overseer('plan')).toEqual({
    code: 0,
    stdout: 'nothing to do: no jobs\n',
    stderr: told,
  });
  expect(await home.overseer()).toEqual({ code: 0, stdout: 'nothing changed: no jobs\n', stderr: told });
  home.write('none.toml', '# not yet\n');
  expect(await home.overseer()).toEqual({ code: 0, stdout: 'nothing changed: no jobs\n', stderr: '' });
});

test('T-45 init writes a config that works, once, and never over one that is there', async () => {
  const path = join(home.config, 'overseer.toml');
  const first = await home.overseer('init');
  expect([first.code, first.stdout.split('\n')[0]]).toEqual([0, `wrote ${path}`]);
  const [schema = ''] = readFileSync(path, 'utf8').split('\n');
  expect(JSON.parse(readFileSync(new URL(schema.replace('#:schema ', '')), 'utf8'))).toMatchObject({
    title: 'overseer.toml',
  });
  const text = readFileSync(path, 'utf8');
  expect((await home.overseer('check')).code).toBe(0);
  expect(await home.json('init')).toEqual({ path, written: false });
  expect(readFileSync(path, 'utf8')).toBe(text);
  const { changes } = await home.apply('--no-wait');
  expect(changes.map(({ job: name, action }) => `${name} ${action}`)).toEqual(['clock start']);
});

test('T-46 init leaves a config of another name alone', async () => {
  const path = home.write('mine.toml', job('web'));
  const { code, stdout } = await home.overseer('init');
  expect([code, stdout.split('\n')[0]]).toEqual([0, `${path} is there already; nothing was written`]);
  expect(readdirSync(home.config)).toEqual(['mine.toml']);
});
