import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMMANDS } from '../../../src/cli/commands/commands.ts';
import { KEYS } from '../../../src/config/schema/keys.ts';
import { overseerPage } from '../../support/docs/man/overseer.ts';
import { overseerTomlPage } from '../../support/docs/man/overseer-toml.ts';
import { overseerdPage } from '../../support/docs/man/overseerd.ts';
import { prose } from '../../support/docs/man/roff.ts';
import { ROOT } from '../../support/sources.ts';

const PAGES = {
  'overseer.1': overseerPage(),
  'overseer.toml.5': overseerTomlPage(),
  'overseerd.8': overseerdPage(),
};

describe('the manual pages', () => {
  const hasGroff = spawnSync('groff', ['--version']).status === 0;

  if (!hasGroff) process.stderr.write('skipped: how the manual pages render, since there is no groff here\n');

  (hasGroff ? test : test.skip).each(Object.entries(PAGES))('%s renders without a warning', (_, text) => {
    const { stdout, stderr } = spawnSync('groff', ['-man', '-ww', '-Tutf8', '-P-cbou'], {
      input: text,
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(stdout).toMatch(/NAME\n +overseer/);
  });

  const hasMandoc = spawnSync('mandoc', ['/dev/null']).error === undefined;

  if (!hasMandoc)
    process.stderr.write('skipped: what mandoc says of the manual pages, since it is not here\n');

  (hasMandoc ? test : test.skip).each(Object.entries(PAGES))('mandoc finds nothing in %s', (_, text) => {
    const { stdout } = spawnSync('mandoc', ['-Tlint'], { input: text, encoding: 'utf8' });
    expect(stdout).toBe('');
  });

  test('the manual pages name each command and its options, and each key', () => {
    const shown = COMMANDS.filter(({ about }) => about !== null);
    const options = shown.flatMap(({ options: own = {} }) =>
      Object.keys(own).map((name) => `\\-\\-${name.replaceAll('-', '\\-')}`),
    );
    const lost = [...shown.map(({ words }) => `\\fBoverseer ${words.split(' ')[0]}\\fR`), ...options].filter(
      (word) => !PAGES['overseer.1'].includes(word),
    );
    expect(lost).toEqual([]);
    expect(KEYS.filter(({ name }) => !PAGES['overseer.toml.5'].includes(`.TP\n\\fB${name}\\fR\n`))).toEqual(
      [],
    );
  });

  test('the manual pages are installed with the program', () => {
    const { man } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      readonly man: readonly string[];
    };
    expect(man).toEqual(Object.keys(PAGES).map((name) => `docs/man/${name}`));
  });

  test('no text in the manual pages is taken for a request of roff', () => {
    expect(prose(".so /etc/passwd\n'br\nC:\\n `--a-b` é")).toBe(
      '\\&.so /etc/passwd\n\\(aqbr\nC:\\en \\fB\\-\\-a\\-b\\fR \\[u00E9]',
    );
  });
});
