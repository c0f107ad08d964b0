import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { namesOf } from '../../../src/cli/argv/option-spec.ts';
import { COMMANDS } from '../../../src/cli/commands/commands.ts';
import { readConfig } from '../../../src/config/read-config.ts';
import { KEYS } from '../../../src/config/schema/keys.ts';
import { brokenLinks } from '../../support/docs/links.ts';
import { ROOT } from '../../support/sources.ts';
import { textOf, docsPages } from '../../support/docs/read-pages.ts';

describe('the pages', () => {
  const pages = ['README.md', 'CONTRIBUTING.md', ...docsPages()];

  test('the pages link only to what there is', () => {
    expect(pages.flatMap((page) => brokenLinks(ROOT, page))).toEqual([]);
  });

  test('no page has a heading or a section twice', () => {
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

  test('the pages show more than thirty examples of a config', () =>
    expect(examples.length).toBeGreaterThan(30));

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
