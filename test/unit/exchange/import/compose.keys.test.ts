import { importedKeys } from '../../../support/exchange/imported-keys.ts';

const { file, web, linesOf } = importedKeys('compose.yaml', 'services', 'init: true');

test.each([
  ['restart: always', ['restart = "always"']],
  ['restart: unless-stopped', ['restart = "always"']],
  ['restart: "no"', []],
  ['restart: false', []],
  ['restart: on-failure', ['restart = "on-failure"']],
  ['restart: "on-failure:3"', ['restart = "on-failure"', 'max_restarts = 4']],
  ['restart: "on-failure:0"', ['restart = "on-failure"']],
  ['stop_signal: SIGINT', ['stop_signal = "SIGINT"']],
  ['stop_grace_period: 1m30s', ['stop_timeout = 90']],
  ['scale: 3', ['instances = 3']],
  ['deploy: { replicas: 2 }', ['instances = 2']],
  ['deploy: { replicas: 2, update_config: {} }', ['instances = 2', 'rolling = true']],
  ['deploy: { replicas: 2, update_config: { parallelism: 1 } }', ['instances = 2', 'rolling = true']],
  ['profiles: [a, disabled]', ['tags = ["a"]', 'enabled = false']],
  ['profiles: [disabled]', ['enabled = false']],
  ['ulimits: { nofile: 64 }', ['limits = { nofile = 64 }']],
  ['ulimits: { nofile: { soft: 32, hard: 64 }, core: -1 }', ['limits = { nofile = 32, core = "unlimited" }']],
  ['mem_limit: 300m', ['max_memory = "300MiB"']],
  ['mem_limit: 1000', ['max_memory = "1000B"']],
  ['stdin_open: true', ['stdin = true']],
  ['stdin_open: false', []],
  ['environment: { A: b, C: 5 }', ['env = { A = "b", C = "5" }']],
  ['environment: [A=b=c, D=]', ['env = { A = "b=c", D = "" }']],
  ['entrypoint: [run, "a b"]', ['job_command = { exe = "run", args = ["a b", "x"] }']],
  ['entrypoint: run "a b"', ['job_command = { exe = "run", args = ["a b", "x"] }']],
])('a key of compose is carried over: %s', (keys, lines) => {
  expect([...linesOf(keys)].sort()).toEqual([...lines].sort());
  expect(web(keys).remarks).toEqual([]);
});

test.each([
  ['test: look around', '{ command = { exe = "sh", args = ["-c", "look around"] } }'],
  ['test: [CMD-SHELL, a | b]', '{ command = { exe = "sh", args = ["-c", "a | b"] } }'],
  ['test: [CMD, look, "a b"]', '{ command = { exe = "look", args = ["a b"] } }'],
  ['test: [CMD, look], interval: 1m, timeout: 3s', '{ command = "look", interval = 60, timeout = 3 }'],
])('a healthcheck says when a job is ready: %s', (check, ready) => {
  expect(linesOf(`healthcheck: { ${check} }`)).toEqual([`ready = ${ready}`]);
  expect(web(`healthcheck: { ${check} }`).remarks).toEqual([
    expect.stringContaining('4: the healthcheck says when the job counts as running ("ready")'),
  ]);
});

test.each([
  ['healthcheck: { test: [NONE] }', 'this healthcheck has no test, so it is left out'],
  ['healthcheck: { test: [CMD] }', 'this healthcheck has no test, so it is left out'],
  ['healthcheck: { test: x, disable: true }', 'this healthcheck has no test, so it is left out'],
  ['healthcheck: { test: x, retries: 3 }', 'retries and start_period are left out'],
  ['healthcheck: { test: x, start_period: 3s }', 'retries and start_period are left out'],
  ['healthcheck: { test: x, start_interval: 3s }', 'start_interval of healthcheck is left out'],
  ['stop_grace_period: soon', 'this is no time: soon'],
  ['ulimits: { rtprio: 5 }', 'the limit rtprio is left out'],
  ['working_dir: sub', 'sub is a folder of the image: see that there is one on this machine'],
  ['env_file: none', 'none is not there, so it is left out of env_file'],
  ['deploy: { mode: global }', 'deploy.mode is left out: overseer has nothing that is like it'],
  ['ports: ["80:80"]', 'ports is left out: the program listens on the machine itself, at its own port'],
  ['shiny: 1', 'shiny is left out: overseer has nothing that is like it'],
])('what overseer has not of a service is told with its line: %s', (keys, remark) => {
  expect(web(keys).remarks[0]).toContain(`4: ${remark}`);
});

test('files of variables that are there are named by their whole path', () => {
  const text = 'services:\n  web:\n    command: x\n    env_file: [a.env, { path: b.env }, c.env]\n';
  const { toml, remarks } = file(text, {}, { 'a.env': 'A=1\n', 'b.env': 'B=1\n' });
  expect(toml).toContain('env_file = ["/x/a.env", "/x/b.env"]');
  expect(remarks).toEqual(['4: c.env is not there, so it is left out of env_file']);
});

test('what a service waits for is running or finished, by its condition', () => {
  const { toml, remarks } = file(`services:
  a: { command: a }
  b: { command: b }
  c: { command: c, depends_on: [a] }
  web:
    command: x
    depends_on:
      a: { condition: service_healthy, restart: true }
      b: { condition: service_completed_successfully }
`);
  expect(toml.match(/^after = .*$/gm)).toEqual([
    'after = [{ job = "a", is = "running" }]',
    'after = [{ job = "a", is = "running" }, { job = "b", is = "finished" }]',
  ]);
  expect(remarks).toEqual([
    '7: restart beside a is left out: a job that is up stays up when one before it is restarted',
  ]);
});

test('variables of the shell and the .env are filled in, and a missing one is told with its line', () => {
  const text = 'services:\n  web:\n    command: [run, "${A}", "$B", "$$C", "${D:-d}"]\n    labels: [$E]\n';
  const { toml, remarks } = file(text, { A: 'a' }, { '.env': 'B=b\nA=other\n' });
  expect(toml).toContain('args = ["a", "b", "$C", "d"]');
  expect(remarks).toEqual(['4: E is not set here, so nothing stands for it']);
});

test('what is no service, and what stands beside the services, is told', () => {
  const text =
    'x-a: 1\ninclude: [a]\nvolumes: {}\nservices:\n  a: 5\n  b: { image: "i:1" }\n  c: { command: c }\n';
  expect(file(text).remarks).toEqual([
    '2: include is left out: import these files as well, each by a command of its own',
    '3: volumes is left out: jobs are processes of this machine, with its files and its network',
    '5: a is no service, so it is left out',
    expect.stringContaining('6: b runs what its image says, so it is left out'),
  ]);
  expect(file(text).remarks[3]).toContain('`docker run --rm --name b i:1`');
});
