import { Home } from './support/home.ts';

let home: Home;
beforeEach(() => {
  home = new Home();
  home.write(
    'a.toml',
    [
      '[[jobs]]\nname = "db"\njob_command = "sleep 1000"\nstart_seconds = 0\n',
      '[[jobs]]\nname = "web"\njob_command = "sleep 1000"\nafter = ["db"]\nstart_seconds = 0\n',
      '[[jobs]]\nname = "clock"\njob_command = "sleep 1000"\nschedule = "@daily"\n',
    ].join('\n'),
  );
});
afterEach(() => home.dispose());

test('T-403 graph draws the config without a daemon, and the states with one', async () => {
  expect(await home.overseer('graph')).toEqual({ code: 0, stdout: 'db\n└─ web\nclock\n', stderr: '' });
  await home.apply();
  expect((await home.overseer('graph')).stdout).toBe('db  running\n└─ web  running\nclock  waiting\n');
  expect(await home.json('graph', 'web')).toEqual({
    jobs: [
      { name: 'db', state: 'running', instances: 1, after: [] },
      { name: 'web', state: 'running', instances: 1, after: [{ job: 'db', is: null }] },
    ],
  });
});

test.each([
  ['mermaid', /^flowchart TD\n/],
  ['dot', /^digraph jobs \{\n/],
  ['svg', /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" role="img" aria-label="dependencies of jobs"/],
])('T-404 graph --format %s draws a picture', async (format, begin) => {
  const { code, stdout } = await home.overseer('graph', '--format', format);
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(begin) });
});

test('graph refuses an unknown format, an unknown job, and a config with problems', async () => {
  expect(await home.overseer('graph', '--format', 'dott')).toMatchObject({
    code: 64,
    stderr: expect.stringContaining('did you mean "dot"?'),
  });
  expect(await home.overseer('graph', 'webb')).toMatchObject({
    code: 4,
    stderr: expect.stringContaining('did you mean "web"?'),
  });
  home.write('b.toml', '[[jobs]]\nname = "x"\n');
  for (const args of [['graph'], ['show', 'web'], ['export', '--to', 'procfile']] as const) {
    expect(await home.overseer(...args)).toMatchObject({
      code: 78,
      stdout: '',
      stderr: expect.stringMatching(
        /b\.toml:1:1: jobs\[0\] "x": job_command is missing[^]*: the config has a problem/,
      ),
    });
    expect(await home.json(...args)).toMatchObject({ ok: false, error: { code: 'config' } });
  }
});

test('graph of no jobs says so, and prints an empty picture', async () => {
  home.write('a.toml', '');
  const none = 'the config names no jobs\n';
  expect(await home.overseer('graph')).toEqual({ code: 0, stdout: '', stderr: none });
  expect(await home.overseer('graph', '--format', 'mermaid')).toEqual({
    code: 0,
    stdout: 'flowchart TD\n',
    stderr: none,
  });
});
