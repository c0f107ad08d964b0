import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMMANDS } from '../../../../src/cli/commands/commands.ts';
import { GLOBAL_OPTIONS } from '../../../../src/cli/argv/global-options.ts';
import { displayWidth } from '../../../../src/text/display-width.ts';
import { VERSION } from '../../../../src/version.ts';
import { answering, KeptOutput, run } from '../../../support/fake-cli.ts';
import { job, statusOf } from '../../../support/sample-replies.ts';

test('help and version may be asked for in other words', async () => {
  const said = async (line: string): Promise<string> => {
    const { code, out } = await run(line, answering(null));
    expect(code).toBe(0);
    return out;
  };
  for (const line of ['help', '-?', 'help help']) expect(await said(line)).toBe(await said('--help'));
  for (const line of ['help status', 'status -?', 'help ls'])
    expect(await said(line)).toBe(await said('status --help'));
  for (const line of ['version', '-V', 'status -V']) expect(await said(line)).toBe(`${VERSION}\n`);
  expect((await run('status -- -?', answering(statusOf(job({}))))).out).toContain('web');
});

test('required words of a command are shown without brackets', async () => {
  const { out } = await run('--help', answering(null));
  for (const usage of ['why JOB...', 'show JOB', 'start JOB...', 'signal SIGNAL JOB...', 'logs [JOB...]'])
    expect(out).toContain(`  ${usage}`);
});

test('every command but the refused one is in the help and has a help of its own', async () => {
  const { out } = await run('--help', answering(null));
  for (const { words, about, aliases = [], options = {} } of COMMANDS) {
    const name = words.split(' ')[0] ?? '';
    expect(new RegExp(`^  ${name}\\b`, 'm').test(out)).toBe(about !== null);
    if (name === 'reload') continue;
    for (const each of [name, ...aliases]) {
      const help = (await run(`${each} --help`, answering(null))).out;
      expect(help).toMatch(new RegExp(`^overseer ${name}\\b`));
      expect(
        Object.keys({ ...options, ...GLOBAL_OPTIONS }).filter((option) => !help.includes(` --${option}`)),
      ).toEqual([]);
    }
  }
});

test.each([80, 50])(
  'help and refusals end their lines between words on a terminal of %d columns',
  async (columns) => {
    for (const { words } of COMMANDS) {
      const out = new KeptOutput({ columns });
      await run(`${words.split(' ')[0]} --help`, answering(null), { out });
      expect(out.text.split('\n').filter((line) => displayWidth(line) > columns)).toEqual([]);
    }
    const err = new KeptOutput({ columns });
    await run('reload', answering(null), { err });
    expect(err.text.split('\n').filter((line) => displayWidth(line) > columns)).toEqual([]);
    expect(err.text.replaceAll('\n', ' ')).toBe(
      (await run('reload', answering(null))).err.replaceAll('\n', ' '),
    );
  },
);

test('the version is that of the package', async () => {
  const { version } = JSON.parse(
    readFileSync(join(import.meta.dirname, '../../../../package.json'), 'utf8'),
  ) as {
    version: string;
  };
  expect([VERSION, (await run('--version', answering(null))).out]).toEqual([version, `${version}\n`]);
});
