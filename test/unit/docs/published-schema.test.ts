import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { parse } from 'toml';
import { FIRST_CONFIG } from '../../../src/config/first-config.ts';
import { KEYS } from '../../../src/config/schema/keys.ts';
import { publishedSchema } from '../../support/docs/config-schema.ts';
import { ROOT } from '../../support/sources.ts';
import { docsPages } from '../../support/docs/read-pages.ts';

describe('the published schema', () => {
  const validate = new Ajv({ strict: true, allowUnionTypes: true, allErrors: true }).compile(
    JSON.parse(publishedSchema()) as object,
  );

  const problems = (toml: string): readonly string[] =>
    validate(parse(toml))
      ? []
      : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);

  test('the schema accepts the example and what `overseer init` writes, also with comments as keys', () => {
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

  test('the published schema takes every config that the pages show', () => {
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

  test('the published schema refuses an unknown key, a wrong type, a job without a command', () => {
    expect(problems('[[jobs]]\nname = "web"\njob_command = "true"\nrestrat = "never"')).toEqual([
      '/jobs/0 must NOT have additional properties',
    ]);
    expect(problems('[[jobs]]\nname = "web"\njob_command = "true"\nmax_restarts = "3"')).toEqual([
      '/jobs/0/max_restarts must be integer',
    ]);
    expect(problems('[[jobs]]\nname = "web"')).toEqual([`/jobs/0 must have required property 'job_command'`]);
  });

  test('the published schema describes the purpose of each key', () => {
    const { definitions } = JSON.parse(publishedSchema()) as {
      readonly definitions: Readonly<Record<string, { readonly description: string }>>;
    };
    expect(KEYS.filter(({ name, doc }) => !definitions[name]?.description.startsWith(doc))).toEqual([]);
  });
});
