import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import fc from 'fast-check';
import { parseDotenv } from '../../../../src/config/values/dotenv.ts';

const name = fc.stringMatching(/^T_[A-Za-z0-9_]{0,5}$/);
const letters = (unit: string, maxLength = 8): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...Array.from(unit)), maxLength });

/** A value as it is written, which means the same to a shell that reads the file. */
const written = fc.oneof(
  letters('ab1./:=-').map((text) => text.replace(/^-+/, '')),
  letters('ab #$`"\\\n=;').map((text) => `'${text}'`),
  letters("ab #'\n=;").map((text) => `"${text}"`),
  letters("ab '\n").map((text) => `"${text}\\"${text}\\\\\\$"`),
);

const line = fc
  .record({
    name,
    value: written,
    export: fc.constantFrom('', 'export '),
    end: fc.constantFrom('\n', '  \n', ' # no\n', '\n\n# A=1\n'),
  })
  .map((each) => `${each.export}${each.name}=${each.value}${each.end}`);

const envOf = (text: string): Readonly<Record<string, string>> => {
  const read = parseDotenv(text);
  if (!read.ok) throw new Error(`${read.message} at ${read.offset} of ${JSON.stringify(text)}`);
  return read.env;
};

test('a file that a shell can read means the same to it', () => {
  const dir = mkdtempSync(join(tmpdir(), 'overseer-dotenv-'));
  const file = join(dir, 'x.env');
  const bySh = (text: string): Readonly<Record<string, string>> => {
    writeFileSync(file, text);
    const printed = execFileSync('sh', ['-ac', `. '${file}'; exec env -0`], { encoding: 'utf8', env: {} });
    const pairs = printed.split('\0').map((pair) => [pair.replace(/=.*/s, ''), pair.replace(/^[^=]*=/, '')]);
    return Object.fromEntries(pairs.filter(([key]) => key?.startsWith('T_'))) as Record<string, string>;
  };
  try {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 20 }), (lines) => {
        const text = lines.join('');
        expect([text, envOf(text)]).toEqual([text, bySh(text)]);
      }),
      { numRuns: 100 },
    );
  } finally {
    rmSync(dir, { recursive: true });
  }
});

test('a file without escapes means the same to Node', () => {
  const plain = fc.oneof(
    letters('ab1./:=-$'),
    letters('ab #$`"\\\n=').map((text) => `'${text}'`),
    letters("ab #'$\n=").map((text) => `"${text}"`),
  );
  // Newer versions of Node take `export` for a part of the name where the value is empty.
  const line = fc
    .tuple(fc.constantFrom('', 'export '), name, plain)
    .filter(([before, , value]) => before === '' || value !== '');
  const lines = fc.array(line, { maxLength: 8 });
  fc.assert(
    fc.property(lines, (all) => {
      const text = all.map(([before, key, value]) => `${before}${key}=${value}\n`).join('');
      expect([text, envOf(text)]).toEqual([text, { ...parseEnv(text) }]);
    }),
  );
});

test('whatever a value is, there is a way to write it', () => {
  const anything = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0'));
  const quoted = (text: string): string => `"${text.replaceAll(/["\\$`]/g, (letter) => `\\${letter}`)}"`;
  fc.assert(
    fc.property(fc.dictionary(name, anything), (env) => {
      const text = Object.entries(env)
        .map(([key, value]) => `${key}=${quoted(value)}\n`)
        .join('');
      expect(envOf(text)).toEqual({ ...env });
    }),
  );
});
