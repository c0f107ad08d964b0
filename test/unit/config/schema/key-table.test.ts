import { keyTable, writeToml } from '../../../../src/config/schema/key-table.ts';
import { KEYS } from '../../../../src/config/schema/keys.ts';
import { schema } from '../../../../src/config/schema/schema.ts';

test('the table has a row for each key, with its default and whether a change restarts the job', () => {
  const [head, line, ...rows] = keyTable().split('\n');
  expect([head, line]).toEqual([
    '| key | what to write | default | meaning | a change restarts the job |',
    '|---|---|---|---|---|',
  ]);
  expect(rows.map((row) => row.split(' | ')[0])).toEqual(KEYS.map(({ name }) => `| \`${name}\``));
  const row = (name: string): string => rows.find((each) => each.startsWith(`| \`${name}\``)) ?? '';
  expect(row('name')).toContain(' | required | ');
  expect(row('cwd')).toMatch(/ \| yes \|$/);
  expect(row('test_timeout')).toMatch(/ \| `10` \| .* \| no \|$/);
  expect(row('umask')).toContain(' | none | ');
  // A bar within a cell would begin the next one.
  for (const each of rows) expect(each.split(/(?<!\\)\|/).length).toBe(7);
});

test.each<[unknown, string]>([
  ['always', '"always"'],
  [10, '10'],
  [[], '[]'],
  [[0, 1], '[0,1]'],
  [{}, '{}'],
  [{ min: 0.1, log: { keep: 5 } }, '{ min = 0.1, log = { keep = 5 } }'],
  [null, 'null'],
])('the default %j is written as in a file: %s', (value, text) => {
  expect(writeToml(value)).toBe(text);
});

test('the schema describes each key once, and [defaults] lacks those that only a job can have', () => {
  const names = KEYS.map(({ name }) => name);
  const { jobs, defaults } = schema.properties as Record<string, { items?: object; properties?: object }>;
  expect(Object.keys(schema.definitions ?? {})).toEqual(names);
  expect(jobs?.items).toEqual({
    type: 'object',
    description: 'a table',
    additionalProperties: false,
    required: ['name', 'job_command'],
    properties: Object.fromEntries(names.map((name) => [name, { $ref: `#/definitions/${name}` }])),
  });
  const missing = names.filter((name) => !Object.hasOwn(defaults?.properties ?? {}, name));
  expect(missing).toContain('name');
  expect(missing).not.toContain('cwd');
  expect(schema.additionalProperties).toBe(false);
});
