import type { ReportJson as Report } from '../../src/cli/words/change-words.ts';
import { home } from './support/fresh-home.ts';

/** A value that is wrong, the column that is named for it, and what is said after the name of the key. */
type Wrong = readonly [value: string, column: number, said: string];

const NOT_A_SIZE = 'must be a size such as "10MB", "512kB" or "1GiB", or a number of bytes';
const NO_SUCH_SIZE = 'must be a size such as "300MB" or "1GiB"';
const LIMITS = 'nofile, nproc, core, stack, fsize, cpu, memlock, data, as';
const NOT_A_LIMIT = '.nofile must be a whole number from 0 to 8796093022208, or "unlimited"';
const NICE = 'must be a whole number from -20 to 19';
const TAGS = 'must be an array of at most 100 names';
const TAG = '[0] must be 1 to 64 letters, digits or _ . @ : - beginning with a letter, a digit or _';
const CHECK = 'must be a table with one of command, tcp or http, and interval, timeout, failures';
const CHECK_KEYS = 'the keys here are command, tcp, http, interval, timeout, failures';
const SECONDS = 'must be a number of seconds from 0.001 to 2147483.647';
const FAILURES = '.failures must be a whole number from 1 to 1000';
const ADDRESS = '.tcp must be "host:port" with a port from 1 to 65535';
const URL = '.http must be an http:// or https:// URL';

const STATES = 'waiting, testing, held, starting, running, stopping, backoff, finished, failed, stopped';
const HOOKS = `must be a table of commands for any of the states ${STATES}`;
const HOOK = '.failed must be a command: { exe = "…", args = ["…"] } or one string';

const WRONG: Readonly<Record<string, readonly Wrong[]>> = {
  enabled: [
    ['"no"', 11, 'must be true or false, got "no"'],
    ['0', 11, 'must be true or false, got 0'],
    ['1.0', 11, 'must be true or false, got 1'],
    ['[true]', 11, 'must be true or false, got an array'],
    ['{}', 11, 'must be true or false, got a table'],
    ['2026-01-01', 11, 'must be true or false, got the date 2026-01-01'],
  ],
  stdin: [
    ['"yes"', 9, 'must be true or false, got "yes"'],
    ['1', 9, 'must be true or false, got 1'],
    ['[true]', 9, 'must be true or false, got an array'],
    ['{}', 9, 'must be true or false, got a table'],
  ],
  nice: [
    ['20', 8, `${NICE}, got 20`],
    ['-21', 8, `${NICE}, got -21`],
    ['0.5', 8, `${NICE}, got 0.5`],
    ['5.0', 8, `${NICE}, got a float: write 5`],
    ['"low"', 8, `${NICE}, got "low"`],
    ['"5"', 8, `${NICE}, got "5": write 5`],
    ['true', 8, `${NICE}, got true`],
    ['[]', 8, `${NICE}, got an empty array`],
    ['inf', 8, `${NICE}, got inf`],
  ],
  max_memory: [
    ['true', 14, `${NOT_A_SIZE}, got true`],
    ['0', 14, `${NOT_A_SIZE}, got 0`],
    ['-1', 14, `${NOT_A_SIZE}, got -1`],
    ['1.5', 14, `${NOT_A_SIZE}, got 1.5`],
    ['nan', 14, `${NOT_A_SIZE}, got nan`],
    ['[1]', 14, `${NOT_A_SIZE}, got an array`],
    ['{}', 14, `${NOT_A_SIZE}, got a table`],
    ['"lots"', 14, `${NO_SUCH_SIZE}, got "lots"`],
    ['"300"', 14, `${NO_SUCH_SIZE}, got "300"`],
    ['"0MB"', 14, `${NO_SUCH_SIZE}, got "0MB"`],
    ['"-1MB"', 14, `${NO_SUCH_SIZE}, got "-1MB"`],
    ['"9999999TB"', 14, `${NO_SUCH_SIZE}, got "9999999TB"`],
  ],
  limits: [
    ['5', 10, `must be a table with any of ${LIMITS}, got 5`],
    ['[]', 10, `must be a table with any of ${LIMITS}, got an empty array`],
    ['"unlimited"', 10, `must be a table with any of ${LIMITS}, got "unlimited"`],
    ['{ nofile = -1 }', 21, `${NOT_A_LIMIT}, got -1`],
    ['{ nofile = 1.5 }', 21, `${NOT_A_LIMIT}, got 1.5`],
    ['{ nofile = 4e9 }', 21, `${NOT_A_LIMIT}, got a float: write 4000000000`],
    ['{ nofile = "lots" }', 21, `${NOT_A_LIMIT}, got "lots"`],
    ['{ nofile = true }', 21, `${NOT_A_LIMIT}, got true`],
    ['{ nofile = 8796093022209 }', 21, `${NOT_A_LIMIT}, got 8796093022209`],
    ['{ nofiles = 5 }', 12, 'unknown key "nofiles" in limits: did you mean "nofile"?'],
    ['{ rss = 5 }', 12, `unknown key "rss" in limits: the keys here are ${LIMITS}`],
  ],
  rolling: [
    ['"yes"', 11, 'must be true or false, got "yes"'],
    ['1', 11, 'must be true or false, got 1'],
    ['0.5', 11, 'must be true or false, got 0.5'],
    ['[true]', 11, 'must be true or false, got an array'],
    ['{}', 11, 'must be true or false, got a table'],
  ],
  on: [
    ['true', 6, `${HOOKS}, got true`],
    ['5', 6, `${HOOKS}, got 5`],
    ['"notify"', 6, `${HOOKS}, got "notify"`],
    ['[]', 6, `${HOOKS}, got an empty array`],
    ['{ crashed = "x" }', 8, `unknown key "crashed" in on: did you mean "failed"?`],
    ['{ failed = 5 }', 17, `${HOOK}, got 5`],
    ['{ failed = ["x"] }', 17, `${HOOK}, got an array`],
    ['{ failed = "" }', 17, '.failed: expected a program and its arguments, got an empty command'],
    ['{ failed = "a | b" }', 20, '.failed: | means something to a shell, and no shell runs this'],
    [`{ failed = "echo '" }`, 23, ".failed: the quote ' is never closed"],
    ['{ failed = { args = ["x"] } }', 8, '.failed.exe is missing'],
    ['{ failed = { exe = "" } }', 25, '.failed.exe must be a string, the program to run, got ""'],
    [
      '{ failed = { exe = "x", shell = true } }',
      30,
      'unknown key "shell" in on.failed: the keys here are exe',
    ],
    ['{ failed = { exe = "x", args = "y" } }', 37, '.failed.args must be an array of strings, got "y"'],
  ],
  tags: [
    ['"web"', 8, `${TAGS}, got "web": write ["web"]`],
    ['true', 8, `${TAGS}, got true`],
    ['{}', 8, `${TAGS}, got a table`],
    [`[${'"a", '.repeat(101)}]`, 8, `${TAGS}, got an array`],
    ['[1]', 9, `${TAG}, got 1: write "1"`],
    ['[""]', 9, `${TAG}, got ""`],
    ['["a b"]', 9, `${TAG}, got "a b"`],
    ['["-a"]', 9, `${TAG}, got "-a"`],
    ['["ä"]', 9, `${TAG}, got "ä"`],
    [`["${'x'.repeat(65)}"]`, 9, `${TAG}, got "${'x'.repeat(39)}…`],
    ['[["a"]]', 9, `${TAG}, got an array`],
  ],
  alive: [
    ['true', 9, `${CHECK}, got true`],
    ['"x"', 9, `${CHECK}, got "x"`],
    ['[]', 9, `${CHECK}, got an empty array`],
    ['{}', 1, 'must hold one of command, tcp, http, got none of them'],
    ['{ tcp = "h:1", http = "http://h" }', 1, 'must hold one of command, tcp, http, got tcp and http'],
    [
      '{ log = "x" }',
      11,
      'unknown key "log" in alive: only ready waits for a line of the log; the keys here are command, tcp, http, interval, timeout, failures',
    ],
    ['{ tcp = "h:1", within = 5 }', 24, `unknown key "within" in alive: ${CHECK_KEYS}`],
    ['{ tcp = "h" }', 17, `${ADDRESS}, got "h"`],
    ['{ tcp = "h:99999" }', 17, `${ADDRESS}, got "h:99999"`],
    ['{ tcp = 80 }', 17, '.tcp must be a string "host:port", got 80: write "80"'],
    ['{ tcp = "${NOWHERE}:1" }', 17, '.tcp: ${NOWHERE} is not known'],
    ['{ http = "ftp://h" }', 18, `${URL}, got "ftp://h"`],
    ['{ http = "h:80/up" }', 18, `${URL}, got "h:80/up"`],
    ['{ http = "http://h/${NOWHERE}" }', 28, '.http: ${NOWHERE} is not known'],
    ['{ command = "" }', 21, '.command: expected a program and its arguments, got an empty command'],
    ['{ command = "a | b" }', 24, '.command: | means something to a shell, and no shell runs this'],
    ['{ command = ["x"] }', 21, '.command must be a command: { exe = "…", args = ["…"] } or one string'],
    ['{ command = { args = ["x"] } }', 11, '.command.exe is missing'],
    ['{ tcp = "h:1", interval = 0 }', 35, `.interval ${SECONDS}, got 0`],
    ['{ tcp = "h:1", interval = -1 }', 35, `.interval ${SECONDS}, got -1`],
    ['{ tcp = "h:1", interval = "5s" }', 35, `.interval ${SECONDS}, got "5s": write 5`],
    ['{ tcp = "h:1", timeout = 0 }', 34, `.timeout ${SECONDS}, got 0`],
    ['{ tcp = "h:1", timeout = inf }', 34, `.timeout ${SECONDS}, got inf`],
    ['{ tcp = "h:1", timeout = 9e9 }', 34, `.timeout ${SECONDS}, got 9000000000`],
    ['{ tcp = "h:1", failures = 0 }', 35, `${FAILURES}, got 0`],
    ['{ tcp = "h:1", failures = 1001 }', 35, `${FAILURES}, got 1001`],
    ['{ tcp = "h:1", failures = 1.5 }', 35, `${FAILURES}, got 1.5`],
    ['{ tcp = "h:1", failures = "3" }', 35, `${FAILURES}, got "3": write 3`],
  ],
};

test.each(Object.entries(WRONG))(
  'T-1060 check and the trigger name line and column of each wrong value of %s',
  async (key, wrong) => {
    const job = (value: string, at: number): string =>
      `[[jobs]]\nname = "job${at}"\njob_command = "sleep 1000"\n${key} = ${value}\n`;
    home.write('jobs.toml', wrong.map(([value], at) => job(value, at)).join(''));
    const check = await home.json<Report>('check');
    const expected = wrong.map(([, column, said], at) => {
      const begin = said.startsWith('unknown') ? '' : `${key}${/^[.[]/.test(said) ? '' : ' '}`;
      return `${at * 4 + 4}:${column}: jobs[${at}] "job${at}": ${begin}${said}`;
    });
    const told = check.problems.map(({ line, column, message }) => `${line}:${column}: ${message}`);
    // The end of some messages is the same for every key.
    expect(told.map((line, at) => line.slice(0, expected[at]?.length))).toEqual(expected);
    const apply = await home.apply();
    expect([apply.code, apply.changes, apply.problems]).toEqual([78, [], check.problems]);
  },
);
