import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { parse } from 'toml';
import { namesOf } from '../../src/cli/argv/option-spec.ts';
import { COMMANDS } from '../../src/cli/commands/commands.ts';
import { reload } from '../../src/cli/commands/reload.ts';
import { EXIT } from '../../src/cli/exit-codes.ts';
import { GLOBAL_OPTIONS } from '../../src/cli/argv/global-options.ts';
import { FIRST_CONFIG } from '../../src/config/first-config.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { KEYS } from '../../src/config/schema/keys.ts';
import { OPTIONS } from '../../src/daemon/usage.ts';
import { publishedSchema } from '../support/docs/config-schema.ts';
import { overseerPage } from '../support/docs/man/overseer.ts';
import { overseerTomlPage } from '../support/docs/man/overseer-toml.ts';
import { overseerdPage } from '../support/docs/man/overseerd.ts';
import { prose } from '../support/docs/man/roff.ts';
import { brokenLinks } from '../support/docs/links.ts';
import { tableRows, testsMissing, testsNamed } from '../support/docs/proof-table.ts';
import { ROOT } from '../support/sources.ts';

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

  (hasMandoc ? test : test.skip).each(Object.entries(PAGES))(
    'mandoc finds in %s nothing but that it bears no date',
    (_, text) => {
      const { stdout } = spawnSync('mandoc', ['-Tlint'], { input: text, encoding: 'utf8' });
      expect(stdout.split('\n').filter((line) => !/missing date|^$/.test(line))).toEqual([]);
    },
  );

  test('name each command and its options, and each key', () => {
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

  test('are installed with the program', () => {
    const { man } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      readonly man: readonly string[];
    };
    expect(man).toEqual(Object.keys(PAGES).map((name) => `docs/man/${name}`));
  });

  test('take nothing in a text for a request of roff', () => {
    expect(prose(".so /etc/passwd\n'br\nC:\\n `--a-b` é")).toBe(
      '\\&.so /etc/passwd\n\\(aqbr\nC:\\en \\fB\\-\\-a\\-b\\fR \\[u00E9]',
    );
  });
});

describe('the published schema', () => {
  const validate = new Ajv({ strict: true, allowUnionTypes: true, allErrors: true }).compile(
    JSON.parse(publishedSchema()) as object,
  );
  const problems = (toml: string): readonly string[] =>
    validate(parse(toml))
      ? []
      : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);

  test('takes the example, what `overseer init` writes, and that with every comment taken for a key', () => {
    expect(problems(readFileSync(join(ROOT, 'docs/examples/first/overseer/example.toml'), 'utf8'))).toEqual(
      [],
    );
    expect(problems(FIRST_CONFIG)).toEqual([]);
    const job = FIRST_CONFIG.slice(FIRST_CONFIG.indexOf('[[jobs]]')).replace(
      /^# (\w+ = (?!"node).*)$/gm,
      '$1',
    );
    expect(problems(job)).toEqual([]);
  });

  test('takes every config that the pages show', () => {
    const pages = ['README.md', ...docsPages()];
    const shown = pages.flatMap((page) =>
      [...readFileSync(join(ROOT, page), 'utf8').matchAll(/^```toml\n([^]*?)^```$/gm)].map(
        ([, toml = '']) => toml,
      ),
    );
    const whole = shown.filter((toml) => toml.includes('[[jobs]]'));
    expect(whole.length).toBeGreaterThan(4);
    expect(whole.flatMap(problems)).toEqual([]);
  });

  test('refuses an unknown key, a wrong type, and a job without a command', () => {
    expect(problems('[[jobs]]\nname = "web"\njob_command = "true"\nrestrat = "never"')).toEqual([
      '/jobs/0 must NOT have additional properties',
    ]);
    expect(problems('[[jobs]]\nname = "web"\njob_command = "true"\nmax_restarts = "3"')).toEqual([
      '/jobs/0/max_restarts must be integer',
    ]);
    expect(problems('[[jobs]]\nname = "web"')).toEqual([`/jobs/0 must have required property 'job_command'`]);
  });

  test('says of each key what it is for', () => {
    const { definitions } = JSON.parse(publishedSchema()) as {
      readonly definitions: Readonly<Record<string, { readonly description: string }>>;
    };
    expect(KEYS.filter(({ name, doc }) => !definitions[name]?.description.startsWith(doc))).toEqual([]);
  });
});

describe('the pages', () => {
  const pages = ['README.md', 'CONTRIBUTING.md', ...docsPages()];

  test('link only to what there is', () => {
    expect(pages.flatMap((page) => brokenLinks(ROOT, page))).toEqual([]);
  });

  test('have no heading twice, and no section twice', () => {
    const twice = pages.flatMap((page) => {
      const headings: readonly string[] = textOf(page).match(/^#{1,3} .+$/gm) ?? [];
      return headings
        .filter((heading, at) => headings.indexOf(heading) !== at)
        .map((heading) => `${page}: ${heading}`);
    });
    expect(twice).toEqual([]);
  });

  const examples = pages.flatMap((page) =>
    [...textOf(page).matchAll(/^```toml\n([^]*?)^```$/gm)].map(([, toml = '']) => ({
      page,
      toml,
      title: toml.split('\n')[0],
    })),
  );

  test('show more than thirty examples of a config', () => expect(examples.length).toBeGreaterThan(30));

  test.each(examples)('$page: the example `$title` is valid', ({ toml }) => {
    const home = mkdtempSync(join(tmpdir(), 'overseer-docs-'));
    try {
      for (const folder of ['secrets', 'config']) mkdirSync(join(home, folder));
      for (const file of ['shop.env', 'secrets/shop.env']) writeFileSync(join(home, file), 'A=1\n');
      writeFileSync(join(home, 'config/jobs.toml'), wholeConfig(toml));
      const reading = readConfig({ dir: join(home, 'config'), home });
      expect(reading.ok ? [] : reading.problems.map(({ message }) => message)).toEqual([]);
    } finally {
      rmSync(home, { recursive: true });
    }
  });

  test('docs/configuration.md has a part for each key, with an example', () => {
    const parts = textOf('docs/configuration.md').split(/^### /m);
    const lost = KEYS.filter(
      ({ name }) =>
        !parts.some(
          (part) =>
            part.startsWith(`\`${name}\`\n`) && new RegExp(`^\`\`\`toml\n[^\`]*^${name} = `, 'm').test(part),
        ),
    );
    expect(lost.map(({ name }) => name)).toEqual([]);
  });

  test('docs/commands.md tells each option in the part of its command', () => {
    const parts = textOf('docs/commands.md').split(/^## /m);
    const partOf = (name: string): string =>
      parts.find((part) => part.split('\n')[0]?.replaceAll(',', '').split(' ').includes(name)) ??
      parts.find((part) => part.startsWith('overseer\n')) ??
      '';
    const lost = COMMANDS.filter(({ about }) => about !== null).flatMap((command) =>
      Object.keys(command.options ?? {}).flatMap((option) =>
        partOf(namesOf(command)[0] ?? '').includes(`--${option}`)
          ? []
          : [`${namesOf(command)[0]} --${option}`],
      ),
    );
    expect(lost).toEqual([]);
  });
});

describe('docs/evidence/coverage.md', () => {
  const page = textOf('docs/evidence/coverage.md');
  const rows = tableRows(page).map((cells) => ({
    of: /`([^`]+)`/.exec(cells[0] ?? '')?.[1] ?? cells[0] ?? '',
    tests: cells.at(-1) ?? '',
  }));
  const own = COMMANDS.flatMap((command) => {
    const names = namesOf(command).map((name) => `overseer ${name}`);
    if (command.about === null) return command === reload ? names : [];
    return [...names, ...Object.keys(command.options ?? {}).map((option) => `${names[0]} --${option}`)];
  });

  test.each([
    ['key', KEYS.map(({ name }) => name)],
    ['command and option', own],
    ['option of every command', Object.keys(GLOBAL_OPTIONS).map((option) => `--${option}`)],
    ['option of overseerd', ['overseerd', ...Object.keys(OPTIONS).map((option) => `overseerd --${option}`)]],
    ['exit code', [...new Set(Object.values(EXIT))].map(String)],
  ])('has a row with a test for each %s', (_, all) => {
    const proven = new Set(rows.flatMap(({ of, tests }) => (testsNamed(tests).length > 0 ? [of] : [])));
    expect(all.filter((each) => !proven.has(each))).toEqual([]);
  });

  test('names only tests that there are, and those that drive the real programs', () => {
    expect(testsMissing(ROOT, page)).toEqual([]);
    expect(testsNamed(page).filter((name) => !name.startsWith('test/e2e/'))).toEqual([]);
  });
});

/** Keys that stand alone are those of a job, which needs a name and a command. */
function wholeConfig(toml: string): string {
  if (/^\[/m.test(toml)) return toml;
  const needed = Object.entries({ name: 'name = "web"', job_command: 'job_command = "true"' });
  return [
    '[[jobs]]',
    ...needed.flatMap(([key, line]) => (toml.includes(`${key} =`) ? [] : [line])),
    toml,
  ].join('\n');
}

function textOf(page: string): string {
  return readFileSync(join(ROOT, page), 'utf8');
}

function docsPages(): readonly string[] {
  return readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`)
    .toSorted();
}
