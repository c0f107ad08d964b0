import { complaints } from '../../../support/config-files.ts';

test('T-219 each circle of after is reported once, beginning with the job that stands first', () => {
  const job = (name: string, ...after: string[]): string =>
    `[[jobs]]\nname = "${name}"\njob_command = "x"\nafter = ${JSON.stringify(after)}\n`;
  const text =
    job('z', 'a') +
    job('a', 'ok', 'ok', 'b') +
    job('b', 'c') +
    job('c', 'a') +
    job('ok') +
    job('d', 'e') +
    job('e', 'd');
  expect(complaints(text)).toEqual([
    'a.toml:8:20: jobs[1] "a": after is circular: a → b → c → a',
    'a.toml:24:10: jobs[5] "d": after is circular: d → e → d',
  ]);
});

test('an after may name one instance, where there is that one', () => {
  const job = (name: string, more: string): string =>
    `[[jobs]]\nname = "${name}"\njob_command = "x"\n${more}\n`;
  const after = (...names: string[]): string => `after = ${JSON.stringify(names)}`;
  expect(complaints(job('a', 'instances = 2') + job('b', after('a@2', 'c@1')) + job('c@1', ''))).toEqual([]);
  const wrong =
    job('a', 'instances = 2') + job('b', '') + job('c', 'instances = 1') + job('none', 'instances = 0');
  expect(complaints(wrong + job('d', after('a@3', 'a@0', 'b@1', 'c@2', 'none@1', 'x@1')))).toEqual([
    'a.toml:20:10: jobs[4] "d": after names "a@3", but "a" has the instances a@1 to a@2',
    'a.toml:20:16: jobs[4] "d": after names "a@0", but "a" has the instances a@1 to a@2',
    'a.toml:20:22: jobs[4] "d": after names "b@1", but "b" has no numbered instances: write "b"',
    'a.toml:20:28: jobs[4] "d": after names "c@2", but "c" has one instance, c@1',
    'a.toml:20:34: jobs[4] "d": after names "none@1", but "none" has 0 instances',
    'a.toml:20:43: jobs[4] "d": after names "x@1", which is no job',
  ]);
  expect(complaints(job('a', `instances = 2\n${after('b')}`) + job('b', after('a@1')))).toEqual([
    'a.toml:5:10: jobs[0] "a": after is circular: a → b → a',
  ]);
  expect(complaints(job('a', `instances = 2\n${after('a@1')}`))).toEqual([
    'a.toml:5:10: jobs[0] "a": after names the job itself',
  ]);
  expect(complaints(job('a', 'instances = -1') + job('b', after('a@1')))).toHaveLength(1);
  expect(complaints(`[defaults]\n${after('a@1')}\n${job('a', 'instances = 2')}${job('b', '')}`)).toEqual([]);
});

test('where a file or a table is lost, an after is not blamed for naming its jobs', () => {
  const web = '[[jobs]]\nname = "web"\njob_command = "x"\nafter = ["db"]\n';
  expect(complaints({ 'a.toml': web, 'b.toml': 'x' })).toHaveLength(1);
  expect(complaints(`${web}[[job]]\nname = "db"`)).toEqual([
    'a.toml:5:1: unknown table "job": did you mean [[jobs]]?',
  ]);
});

test('an after that names a job whose name cannot be one is no further problem', () => {
  const job = (name: string, more = ''): string => `[[jobs]]\nname = "${name}"\njob_command = "x"\n${more}\n`;
  expect(complaints(job('a b') + job('web', 'after = ["a b"]'))).toEqual([
    expect.stringMatching(/^a\.toml:2:8: jobs\[0\] "a b": name must be /),
  ]);
});
