import { complaints, saidAbout } from '../../../support/config-files.ts';

test.each([
  ['instances = "2"', 'instances must be a whole number from 0 to 10000, got "2": write 2'],
  ['instances = "2.5"', 'instances must be a whole number from 0 to 10000, got "2.5"'],
  ['instances = " "', 'instances must be a whole number from 0 to 10000, got " "'],
  ['instances = "-1"', 'instances must be a whole number from 0 to 10000, got "-1"'],
  ['nice = "-30"', 'nice must be a whole number from -20 to 19, got "-30"'],
  ['nice = "19"', 'nice must be a whole number from -20 to 19, got "19": write 19'],
  ['nice = "20"', 'nice must be a whole number from -20 to 19, got "20"'],
  ['enabled = "false"', 'enabled must be true or false, got "false": write false'],
  ['enabled = "no"', 'enabled must be true or false, got "no"'],
  ['enabled = 1', 'enabled must be true or false, got 1'],
  ['restart = 2020-01-01', 'restart must be one of "always", "on-failure", "never", got the date 2020-01-01'],
  ['umask = 9', 'umask must be a string of octal digits such as "022", got 9'],
  ['after = 5', 'after must be an array of names of jobs, got 5'],
  ['ready = { tcp = "a:0" }', 'ready.tcp must be "host:port" with a port from 1 to 65535, got "a:0"'],
  ['ready = { tcp = "80x" }', 'ready.tcp must be "host:port" with a port from 1 to 65535, got "80x"'],
  [
    'ready = { tcp = ":80" }',
    'ready.tcp must be "host:port" with a port from 1 to 65535, got ":80": write "localhost:80"',
  ],
  ['user = "me"', 'unknown key "user": every job runs as the user of its overseer'],
  ['autorun = true', 'unknown key "autorun": did you mean "enabled"?'],
  [
    'Kill-Mode = "x"',
    'unknown key "Kill-Mode": every stop is of the whole process group, and of what left it',
  ],
  [
    'alive = { log = "x" }',
    expect.stringMatching(
      /^unknown key "log" in alive: only ready waits for a line of the log; the keys here are /,
    ),
  ],
  ['log = { log = "x" }', expect.stringMatching(/^unknown key "log" in log: it is a key of the job/)],
  ['on = { faild = "x" }', expect.stringMatching(/^unknown key "faild" in on: did you mean "failed"/)],
  ['schedule = "every 0s"', 'schedule "every 0s": expected a time from 1s to 24d after "every"'],
  ['schedule = "every 25d"', 'schedule "every 25d": expected a time from 1s to 24d after "every"'],
])('%s has the cure that fits, and no other', (lines, expected) => {
  expect(saidAbout(lines)).toEqual([expected]);
});

test('a pattern may have thirty-two groups within each other, and a thousand letters', () => {
  const groups = (depth: number): string => `${'('.repeat(depth)}x${')'.repeat(depth)}`;
  const said = (pattern: string): readonly string[] => saidAbout(`ready = { log = '${pattern}' }`);
  expect([said(groups(32)), said('(x)'.repeat(40)), said('x'.repeat(1_000))]).toEqual([[], [], []]);
  expect(said(groups(33))).toEqual([
    expect.stringMatching(
      /^ready\.log must be a regular expression with at most 32 groups within each other, got /,
    ),
  ]);
  expect(said('x'.repeat(1_001))).toEqual([
    'ready.log must be a regular expression of at most 1000 characters, got 1001',
  ]);
});

const job = (name: string, more = ''): string => `[[jobs]]\nname = "${name}"\njob_command = "x"\n${more}\n`;

test('what [defaults] says wrongly is told where it stands, and what a job says where that does', () => {
  expect(complaints(`[defaults]\nafter = ["none"]\n${job('a')}${job('b', 'after = ["nowhere"]')}`)).toEqual([
    'a.toml:2:10: [defaults]: after names "none", which is no job',
    'a.toml:10:10: jobs[1] "b": after names "nowhere", which is no job',
  ]);
});

test('an `after` in [defaults] does not mean its own job, by name, tag or copy', () => {
  const defaults = 'after = ["db", "tag:x", "web@1"]';
  const text = `[defaults]\n${defaults}\n${job('db')}${job('t', 'tags = ["x"]')}${job('web', 'instances = 1')}`;
  expect(complaints(text)).toEqual(['a.toml:2:16: [defaults]: after is circular: db → tag:x → t → db']);
});

test('a circle that other jobs lead into begins with the first job in it, and is told once', () => {
  const after = (...names: string[]): string => `after = ${JSON.stringify(names)}`;
  const text = job('lead', after('c')) + job('b', after('c')) + job('c', after('d')) + job('d', after('b'));
  expect(complaints(text)).toEqual(['a.toml:8:10: jobs[1] "b": after is circular: b → c → d → b']);
  const tagged = job('a', `tags = ["x"]\n${after('b')}`) + job('b', after('tag:x'));
  expect(complaints(tagged)).toEqual(['a.toml:5:10: jobs[0] "a": after is circular: a → b → tag:x → a']);
});

test('a copy that is named like a job is told, where there is such a job and such a copy', () => {
  expect(complaints(job('web@2') + job('db@1') + job('web') + job('db', 'instances = 1'))).toEqual([
    'a.toml:6:8: jobs[1] "db@1": the name "db@1" is taken already, by an instance of "db" at a.toml:13',
  ]);
});

test('a text that looks like a table of jobs is none, and jobs that are no tables are refused', () => {
  expect(complaints(`${job('a')}description = """\n[[jobs]]\n"""\n`)).toEqual([]);
  expect(complaints('jobs = 5')).toEqual([
    'a.toml:1:8: jobs must be an array of tables, each written [[jobs]], got 5',
  ]);
});
