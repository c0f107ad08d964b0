import { importedKeys } from '../../../support/exchange/imported-keys.ts';

const { file, web, linesOf } = importedKeys('process-compose.yaml', 'processes', 'name: web');

test.each([
  ['availability: { restart: always }', ['restart = "always"']],
  ['availability: { restart: on_failure }', ['restart = "on-failure"']],
  ['availability: { restart: "no" }', []],
  ['availability: { backoff_seconds: 5 }', ['backoff = { min = 5, max = 5, factor = 1 }']],
  ['availability: { max_restarts: 3 }', ['max_restarts = 4']],
  ['availability: { max_restarts: 0 }', []],
  ['shutdown: { signal: 2, timeout_seconds: 7 }', ['stop_signal = "SIGINT"', 'stop_timeout = 7']],
  ['shutdown: { signal: 14 }', ['stop_signal = "SIGALRM"']],
  ['replicas: 2', ['instances = 2']],
  ['replicas: 1', []],
  ['success_exit_codes: [3, 0]', ['success_codes = [0, 3]']],
  ['is_disabled: true', ['enabled = false']],
  ['is_disabled: false', []],
  ['disabled: true', ['enabled = false']],
  ['disabled: false', []],
  ['namespace: n', ['tags = ["n"]']],
  ['description: text', ['description = "text"']],
  ['working_dir: /srv', ['cwd = "/srv"']],
  ['working_dir: sub', ['cwd = "/x/sub"']],
  ['working_dir: ~/y', ['cwd = "~/y"']],
  ['working_dir: $HOME/y', ['cwd = "$HOME/y"']],
  ['ready_log_line: "up (1.0)"', [String.raw`ready = { log = 'up \(1\.0\)' }`]],
  ['readiness_probe: { http_get: { path: up } }', ['ready = { http = "http://127.0.0.1:80/up" }']],
  [
    'readiness_probe: { http_get: { scheme: https, host: h, num_port: 8 } , period_seconds: 2, timeout_seconds: 3 }',
    ['ready = { http = "https://h:8/", interval = 2, timeout = 3 }'],
  ],
  [
    'readiness_probe: { exec: { command: a | b } }',
    ['ready = { command = { exe = "bash", args = ["-c", "a | b"] } }'],
  ],
  ['schedule: { interval: 90s, run_on_start: true }', ['schedule = "every 90s"', 'run_at_start = true']],
  ['schedule: { cron: "5 * * * *" }', ['schedule = "5 * * * *"']],
  ['is_daemon: false', []],
])('a key of process-compose is carried over: %s', (keys, lines) => {
  const always = keys.includes('restart: always');
  expect([...linesOf(keys)].sort()).toEqual([...lines].sort());
  expect(web(keys).toml.includes('restart = "never"')).toBe(!always && !/on_failure|schedule/.test(keys));
  expect(web(keys).remarks).toEqual([]);
});

test.each([
  ['availability: { restart: exit_on_failure }', 'exit_on_failure: `overseer run --exit-on-failure`'],
  ['availability: { exit_on_end: true }', 'exit_on_end is left out: overseer goes on with the other jobs'],
  ['availability: { exit_on_skipped: true }', 'exit_on_end is left out: overseer goes on'],
  ['shutdown: { command: down }', 'the command of shutdown is left out: overseer stops a job by a signal'],
  ['shutdown: { signal: 99 }', 'signal 99 is left out: no signal has this number here'],
  ['is_disabled: "{{ .x }}"', 'is_disabled is a template, which is left out'],
  ['is_daemon: true', 'is_daemon: have the program stay in the foreground'],
  ['readiness_probe: {}', 'this probe is neither exec nor http_get, so it is left out'],
  ['readiness_probe: 5', 'this probe is neither exec nor http_get, so it is left out'],
  [
    'readiness_probe: { exec: { command: a }, initial_delay_seconds: 3 }',
    'initial_delay_seconds is left out: the first probe comes at once',
  ],
  ['schedule: { cron: "5 * * * *", timezone: UTC }', 'timezone is left out: schedules are in the time zone'],
  ['is_tty: true', 'is_tty is left out: a job has no terminal'],
  ['shiny: true', 'shiny is left out: overseer has nothing that is like it'],
])('what overseer has not of a process is told with its line: %s', (keys, remark) => {
  expect(web(keys).remarks).toEqual([expect.stringContaining(`4: ${remark}`)]);
});

test('a liveness_probe is a check of the running job, with its failures', () => {
  const probe = 'exec: { command: look }, period_seconds: 2, failure_threshold: 4';
  expect(linesOf(`liveness_probe: { ${probe} }`)).toEqual([
    'alive = { command = "look", interval = 2, failures = 4 }',
  ]);
});

test('what a process waits for is running or finished, by its condition', () => {
  const { toml, remarks } = file(`processes:
  a: { command: a }
  b: { command: b }
  c: { command: c }
  web:
    command: x
    depends_on:
      a: { condition: process_healthy }
      b: { condition: process_completed_successfully }
      c: {}
`);
  expect(toml).toContain(
    'after = [{ job = "a", is = "running" }, { job = "b", is = "finished" }, { job = "c", is = "finished" }]',
  );
  expect(remarks).toEqual(['7: process_completed of c is taken for is = "finished", which wants success']);
});

test('the .env beside the file is read by each process, unless it is disabled', () => {
  const text = 'processes:\n  a: { command: a }\n  b: { command: b, is_dotenv_disabled: true }\n';
  const { toml } = file(text, {}, { '.env': 'A=1\n' });
  expect(toml.match(/^env_file = .*$/gm)).toEqual(['env_file = ["/x/.env"]']);
  expect(file(text).toml).not.toContain('env_file');
});

test('the .env beside the file comes before the files that a process names, which win over it', () => {
  const text = 'processes:\n  a: { command: a, env_file: [one.env, two.env] }\n';
  const { toml } = file(text, {}, { '.env': 'A=1\n', 'one.env': 'A=2\n', 'two.env': 'A=3\n' });
  expect(toml).toContain('env_file = ["/x/.env", "/x/one.env", "/x/two.env"]');
});

test('variables come from the shell and the .env, and each process has those of the file', () => {
  const text =
    'environment: ["A=1", "B=$X"]\nprocesses:\n  a:\n    command: echo $$A $B\n    environment: ["A=${Y}2", "C=$NONE"]\n';
  const { toml, remarks } = file(text, { X: 'x' }, { '.env': 'Y=y\n' });
  expect(toml).toContain('env = { A = "y2", B = "x", C = "" }');
  expect(toml).toContain('"echo $A $B"');
  expect(remarks).toEqual(['5: NONE is not set here, so nothing stands for it']);
});

test('the shell of a file and an entrypoint say how a command runs', () => {
  const text = (shell: string): string => `${shell}\nprocesses:\n  a: { command: 'a | b' }\n`;
  expect(file(text('shell: { shell_command: zsh, shell_argument: -ec }')).toml).toContain(
    'job_command = { exe = "zsh", args = ["-ec", "a | b"] }',
  );
  expect(file(text('shell: {}')).toml).toContain('{ exe = "bash", args = ["-c", "a | b"] }');
  expect(file('processes:\n  a: { entrypoint: [a, "b c"] }\n').toml).toContain(
    'job_command = { exe = "a", args = ["b c"] }',
  );
});

test('files of variables that are there are named by their whole path, and others told', () => {
  const { toml, remarks } = file(
    'processes:\n  a:\n    command: a\n    env_file: [one.env, two.env]\n',
    {},
    { 'one.env': 'A=1\n' },
  );
  expect(toml).toContain('env_file = ["/x/one.env"]');
  expect(remarks).toEqual(['4: two.env is not there, so it is left out: add it to "env_file" when it is']);
});

test('what is no process, has no command, or stands beside the processes is told', () => {
  const { remarks } = file(
    'is_strict: true\nversion: "0.5"\nprocesses:\n  a: 5\n  b: { name: b }\n  c: { command: "{{ x }}" }\n',
  );
  expect(remarks).toEqual([
    '1: is_strict is left out: overseer has nothing that is like it',
    '4: a is no process, so it is left out',
    '5: b has no command, so it is left out',
    '6: templates in {{ }} are left as they are: write what they come to',
  ]);
});
