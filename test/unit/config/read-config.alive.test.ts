import { problemsIn } from '../../support/config-text.ts';

const JOB = '[[jobs]]\nname = "a"\njob_command = "x"\n';

test.each([
  ['alive = {}', '4:1: jobs[0] "a": alive must hold one of command, tcp, http, got none of them'],
  [
    'alive = { tcp = "a:1", http = "http://a" }',
    '4:1: jobs[0] "a": alive must hold one of command, tcp, http, got tcp and http',
  ],
  [
    'alive = "x"',
    '4:9: jobs[0] "a": alive must be a table with one of command, tcp or http, and interval, timeout, failures, got "x"',
  ],
  [
    'alive = { log = "x" }',
    '4:11: jobs[0] "a": unknown key "log" in alive: only ready waits for a line of the log; the keys here are command, tcp, http, interval, timeout, failures',
  ],
  [
    'alive = { tcp = "a:99999" }',
    '4:17: jobs[0] "a": alive.tcp must be "host:port" with a port from 1 to 65535, got "a:99999"',
  ],
  [
    'alive = { command = "x", failures = 0 }',
    '4:37: jobs[0] "a": alive.failures must be a whole number from 1 to 1000, got 0',
  ],
  [
    'alive = { command = "x", interval = 0 }',
    '4:37: jobs[0] "a": alive.interval must be a number of seconds from 0.001 to 2147483.647, got 0',
  ],
  [
    'alive = { command = "x", timeout = "5" }',
    '4:36: jobs[0] "a": alive.timeout must be a number of seconds from 0.001 to 2147483.647, got "5": write 5',
  ],
])('a wrong check is refused with its place: %s', (line, problem) => {
  expect(problemsIn(`${JOB}${line}\n`)).toEqual([problem]);
});
