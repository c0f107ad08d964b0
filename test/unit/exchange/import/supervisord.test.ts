import { userInfo } from 'node:os';
import { importOf } from '../../../support/exchange/import-of.ts';

const conf = (
  text: string,
  environment: Readonly<Record<string, string>> = {},
  beside: Readonly<Record<string, string>> = {},
): ReturnType<typeof importOf> => importOf({ 'supervisord.conf': text }, environment, beside);
const program = (...lines: readonly string[]): ReturnType<typeof importOf> =>
  conf(`[program:x]\ncommand=/bin/x\n${lines.join('\n')}\n`);

test.each([
  ['autorestart=true', 'restart = "always"'],
  ['autorestart=unexpected', null],
  ['autorestart=False', 'restart = "never"'],
  ['exitcodes=0', null],
  ['exitcodes=0,2', 'success_codes = [0, 2]'],
  ['startsecs=5', 'start_seconds = 5'],
  ['stopsignal=quit', 'stop_signal = "SIGQUIT"'],
  ['stopsignal=SIGINT', 'stop_signal = "SIGINT"'],
  ['stopwaitsecs=7', 'stop_timeout = 7'],
  ['umask=22', 'umask = "022"'],
  ['umask=00022', 'umask = "0022"'],
  ['directory=/srv', 'cwd = "/srv"'],
  ['directory=sub', 'cwd = "/x/sub"'],
  ['directory=~/y', 'cwd = "~/y"'],
  ['autostart=no', 'enabled = false'],
  ['autostart=true', null],
  ['stdout_logfile_maxbytes=50MB', 'log = { max_size = "50MiB" }'],
  ['stdout_logfile_maxbytes=2kb', 'log = { max_size = "2KiB" }'],
  ['stdout_logfile_maxbytes=1000000', 'log = { max_size = "1000000B" }'],
  ['stdout_logfile_maxbytes=0', null],
  ['stdout_logfile_maxbytes=1MB\nstdout_logfile_backups=3', 'log = { max_size = "1MiB", keep = 3 }'],
  ['environment=A="b,c",D=e', 'env = { A = "b,c", D = "e" }'],
  ["environment=A='b', D=", 'env = { A = "b", D = "" }'],
  ['numprocs=3', 'instances = 3'],
  ['process_name=%(program_name)s_%(process_num)02d\nstopasgroup=true', null],
  ['process_name=x', null],
])('a key of supervisord is carried over: %j', (lines, line) => {
  const { toml, remarks } = program(lines);
  const added = toml.split('\n').filter((each) => !program().toml.split('\n').includes(each));
  expect(added).toEqual(line === null ? [] : [line]);
  expect(remarks).toEqual([]);
});

test.each([
  ['startretries=3', 'startretries is left out: of a job that is meant to end max_restarts counts'],
  ['autorestart=false\nstartretries=3', 'startretries is left out: of a job that is meant to end'],
  ['numprocs=0', 'numprocs=0 is left out: it is no number from 1 to 1000'],
  ['numprocs=1001', 'numprocs=1001 is left out: it is no number from 1 to 1000'],
  ['numprocs=many', 'numprocs=many is left out: it is no number from 1 to 1000'],
  ['environment=A', 'this is no list of KEY="value": A'],
  ['process_name=y', 'the names of copies are NAME@1, NAME@2 …, not y'],
  ['killasgroup=false', 'killasgroup=false: signals go to the whole process group of a job here'],
  ['user=somebody', 'overseer runs every job as you, not as somebody: run an overseer as that user'],
  ['priority=5', 'priority 5 is left out: name the jobs that are to be up before this one in "after"'],
  ['stderr_logfile=/x', 'what the job prints goes to its log, which `overseer logs` shows, not to /x'],
  ['serverurl=AUTO', 'serverurl is left out: overseer has nothing that is like it'],
  ['command="open', 'a quote is never closed: "open'],
])('what overseer has not of a program of supervisord is told with its line: %j', (lines, remark) => {
  const [last = ''] = program(lines).remarks.slice(-1);
  expect(last).toContain(`${2 + lines.split('\n').length}: ${remark}`);
});

test('retries of a program that is always restarted are counted with its first start', () => {
  expect(program('autorestart=true', 'startretries=3').toml).toContain('max_restarts = 4');
});

test('the user who imports is not told that overseer runs every job as this user', () => {
  expect(program(`user=${userInfo().username}`).remarks).toEqual([]);
});

test('the name of the host is the one that the shell knows, or localhost', () => {
  const host = (environment: Readonly<Record<string, string>>): string | undefined =>
    /^job_command = "run (.*)"$/m.exec(
      conf('[program:x]\ncommand=run %(host_node_name)s\n', environment).toml,
    )?.[1];
  expect([host({ HOSTNAME: 'box' }), host({})]).toEqual(['box', 'localhost']);
});

test('as many copies as are allowed are instances of one job', () => {
  const { toml, remarks } = program('numprocs=1000');
  expect(toml).toContain('instances = 1000');
  expect(remarks).toEqual([]);
});

test('what supervisord fills in is filled in, and what nobody knows is told', () => {
  const line =
    'command=run %(program_name)s %(here)s %(group_name)s %(numprocs)s 5%% %(ENV_A)s %(ENV_B)s %(what)s';
  const { toml, remarks } = conf(`[program:x]\n${line}\n`, { A: 'a' });
  expect(toml).toContain('args = ["x", "/x", "x", "1", "5%", "a", "%(ENV_B)s", "%(what)s"]');
  expect(remarks).toEqual([
    '2: %(ENV_A)s is what A holds in this shell now; it will not follow a change',
    '2: %(ENV_B)s is nothing that is known here, so it stays as it is',
    '2: %(what)s is nothing that is known here, so it stays as it is',
  ]);
});

test('copies that use their number are jobs with the tag of their program', () => {
  const { toml } = conf('[program:x]\ncommand=run %(process_num)02d %(process_name)s\nnumprocs=2\n');
  expect([...toml.matchAll(/^(?:name|job_command|tags) = (.*)$/gm)].map(([, value]) => value)).toEqual([
    '"x-0"',
    '"run 00 x-0"',
    '["x"]',
    '"x-1"',
    '"run 01 x-1"',
    '["x"]',
  ]);
  expect(program('numprocs=2', 'process_name=%(process_num)d').toml).toContain('instances = 2');
});

test('the jobs of a group have its name as a tag', () => {
  const { toml, remarks } = conf(
    '[group:g]\nprograms=a, b,c\npriority=5\n[program:a]\ncommand=a\n[program:b]\ncommand=b %(process_num)d\nnumprocs=2\n',
  );
  expect([...toml.matchAll(/^tags = (.*)$/gm)].map(([, tags]) => tags)).toEqual([
    '["g"]',
    '["b", "g"]',
    '["b", "g"]',
  ]);
  expect(remarks).toEqual([
    '2: the group names c, which is no program',
    '3: priority of a group is left out: name the jobs that are to be up before others in "after"',
  ]);
});

test('the variables of supervisord itself are those of each program, unless it has its own', () => {
  const { toml, remarks } = conf(
    '[supervisord]\nenvironment=A=1,B=%(here)s\numask=022\nlogfile=/x\n[program:x]\ncommand=x\nenvironment=A=2\n',
  );
  expect(toml).toContain('env = { A = "2", B = "/x" }');
  expect(remarks).toEqual([
    '3: umask of supervisord itself is left out: a job has "umask", "limits" and "cwd" of its own',
  ]);
  expect(conf('[supervisord]\nenvironment=A\n[program:x]\ncommand=x\n').remarks).toEqual([
    '2: this is no list of KEY="value": A',
  ]);
});

test('sections that are no programs are told, but for those of supervisord itself', () => {
  const names = ['supervisorctl', 'unix_http_server', 'inet_http_server', 'rpcinterface:supervisor'];
  const known = names.map((name) => `[${name}]\na=b\n`).join('');
  const { remarks } = conf(`x=1\n${known}[eventlistener:e]\ncommand=e\n[odd]\n[program:x]\ncommand=x\n`);
  expect(remarks).toEqual([
    '1: this belongs to no section, so it is left out: x=1',
    expect.stringContaining('10: [eventlistener:e] speaks a protocol of supervisord'),
    '12: [odd] is no section that overseer knows of, so it is left out',
  ]);
});

test('included files are read, whose own includes are not', () => {
  const { toml, remarks } = conf(
    '[include]\nfiles=%(here)s/a*.ini none.ini\n',
    {},
    {
      'a.ini': '[program:a]\ncommand=a\n[include]\nfiles=b.ini\n',
      'ab.ini': '[program:ab]\ncommand=ab\n',
      'b.ini': '[program:b]\ncommand=b\n',
    },
  );
  expect([...toml.matchAll(/^name = (.*)$/gm)].map(([, name]) => name)).toEqual(['"a"', '"ab"']);
  expect([...remarks].sort()).toEqual([
    '2: no file matches none.ini',
    '3: supervisord follows no [include] of an included file',
  ]);
});

test('a program without a command is left out, and an included file that cannot be read is told', () => {
  expect(conf('[program:x]\nautostart=true\n')).toEqual({
    toml: 'there is nothing in it that could be a job',
    remarks: ['1: [program:x] has no command, so it is left out'],
  });
  expect(program('stdout_logfile_maxbytes=5x1').remarks[0]).toContain('5x1');
});

test.each(['user', 'minfds', 'minprocs', 'directory'])(
  'what supervisord sets for all of its programs is told with its line: %s',
  (key) => {
    const text = `[supervisord]\nlogfile=/x\n${key}=1\n[program:x]\ncommand=x\n`;
    expect(conf(text).remarks).toEqual([
      expect.stringContaining(`3: ${key} of supervisord itself is left out`),
    ]);
  },
);
