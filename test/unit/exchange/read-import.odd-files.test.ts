import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { importFiles } from '../../../src/exchange/read-import.ts';
import { problemsOf } from '../../../src/exchange/written.ts';

const HOME = '/home/ann';
let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'overseer-odd-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

/** The file, its content, the jobs that are read from it, and a part of the remarks. */
type Row = readonly [string, string | Buffer, readonly string[], string | null];

const latin = (text: string): Buffer => Buffer.from(text, 'latin1');
const agent = (body: string): string =>
  `<?xml version="1.0"?><plist version="1.0"><dict>${body}</dict></plist>`;
const LABEL = '<key>Label</key><string>a</string><key>Program</key><string>/x</string>';
const BOMB = `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'
  .split('')
  .map(
    (letter, at) =>
      `${letter}: &${letter} [${Array(9)
        .fill(`*${'abcdefgh'.charAt(at)}`)
        .join(',')}]\n`,
  )
  .join('')}`;

const yaml = (file: string, root: string): readonly Row[] => [
  [file, `\uFEFF${root}:\r\n  a:\r\n    command: sleep 1\r\n`, ['a'], null],
  [
    file,
    `x-a: &a { command: x }\n${root}:\n  a: { <<: *a }\n  b: { <<: [*a], environment: [A=1] }\n`,
    ['a', 'b'],
    null,
  ],
  [file, `${root}:\n  a: *nope\n`, [], 'its aliases cannot be resolved'],
  [file, `${root}: &s\n  a: { command: x, environment: *s }\n`, [], 'its aliases cannot be resolved'],
  [file, `${BOMB}${root}: { a: { command: x } }\n`, [], 'its aliases cannot be resolved'],
  [file, `${root}:\n\ta:\n\t\tcommand: x\n`, [], 'Tabs are not allowed'],
  [file, '', [], null],
  [file, `${root}: { a: { command: x } }\n---\n${root}: {}\n`, [], 'several documents'],
  [file, `${root}:\n  a: { command: x }\n  a: { command: y }\n`, [], 'Map keys must be unique'],
  [file, latin(`${root}:\n  a: { command: caf\xe9 }\n`), ['a'], 'this is not UTF-8'],
  [file, `${root}:\n  a:\n  b: 1\n  c: []\n  d: { command: z }\n`, ['d'], 'so it is left out'],
  [file, `${root}:\n  a: { command: !reset x }\n`, ['a'], 'Unresolved tag'],
  [file, `${root}: { "ü ber": { command: x } }\n`, ['ber'], 'cannot be that of a job'],
  [file, `${root}: { a: { command: x, environment: { A: "\${NOPE}" } } }\n`, ['a'], 'NOPE is not set here'],
  [file, `${root}: { a: { command: x, nonsense: 1 } }\n`, ['a'], 'nonsense is left out'],
];

const ROWS: readonly Row[] = [
  ...yaml('process-compose.yaml', 'processes'),
  ...yaml('compose.yaml', 'services'),
  ['ecosystem.json', '{ // c\n "apps": [ { "script": "http://x//y", /* d */ }, ] }', ['y'], null],
  ['ecosystem.json', '', [], 'this is no app'],
  ['ecosystem.json', '[{"script":"./a.js"},{"script":"./a.js"}]', ['a', 'a-2'], 'there is a job a already'],
  ['ecosystem.json', '{"apps":[null,{"script":"x","kill_timeout":"soon"}]}', ['x'], 'this is no time: soon'],
  ['ecosystem.json', '{"apps":{"script":"a.py"},"deploy":{},"else":1}', ['a'], 'else is left out'],
  ['ecosystem.json', '{"apps":[{"script":"a.js"', [], 'Flow'],
  ['ecosystem.json', '{"apps":[{"__proto__":1,"script":"y","toString":1}]}', ['y'], 'toString is left out'],
  ['supervisord.conf', '[program:a]\r\ncommand=x ; c\r\nenvironment=A="1",\r\n  B="2"\r\n', ['a'], null],
  ['supervisord.conf', '[program:a]\ncommand=x\n[program:a]\ncommand=y\n', ['a', 'a-2'], 'a already'],
  [
    'supervisord.conf',
    '[include]\nfiles=*.conf\n[program:a]\ncommand=x\n',
    ['a', 'a-2'],
    'follows no [include]',
  ],
  ['supervisord.conf', '[include]\nfiles=/no/such/*\n[program:a]\ncommand=x\n', ['a'], 'no file matches'],
  ['supervisord.conf', '[program:a]\ncommand=x %(ENV_NOPE)s\n', ['a'], 'is nothing that is known here'],
  ['supervisord.conf', '[program:\ncommand=x\n[program:b]\ncommand=x\n', ['b'], 'this belongs to no section'],
  ['supervisord.conf', '[program:a]\ncommand=x\nnumprocs=99999999\n', ['a'], 'no number from 1 to 1000'],
  ['supervisord.conf', '[program:a]\ncommand=x\nstartsecs=soon\n', ['a'], 'start_seconds is left out'],
  ['supervisord.conf', '[program:a]\ncommand=x\numask=99\n', ['a'], 'umask is left out'],
  ['supervisord.conf', 'command=x\n', [], 'this belongs to no section'],
  ['supervisord.conf', '[program:b]\ncommand=x "open\n', [], 'a quote is never closed'],
  ['supervisord.conf', '[group:g]\nprograms=a,nope\n[program:a]\ncommand=x\n', ['a'], 'which is no program'],
  ['supervisord.conf', '[supervisord]\numask=022\n[program:a]\ncommand=x\n', ['a'], 'umask of supervisord'],
  [
    'supervisord.conf',
    '[include]\nfiles=nosuch\n[x]\na=b\n[program:a]\ncommand=x\n',
    ['a'],
    '[x] is no section',
  ],
  ['x.service', '[Unit]\r\nDescription=x\r\n[Service]\r\nExecStart=/x a \\\r\n  b\r\n', ['x'], null],
  ['x.service', 'ExecStart=/x\n[Service]\nExecStart=/y\n', ['x'], 'no KEY=value of a section'],
  ['x.service', '[Service]\nExecStart=/x %Z\n', ['x'], '%Z is no specifier'],
  ['x.service', '# c\n[Service]\nExecStart=/x a \\\n# inside\n b\n', ['x'], null],
  ['x.service', '[Service]\nExecStart=/x\nLimitAS=lots\n', ['x'], 'this limit is left out: lots'],
  ['x.service', '[Service]\nExecStart=/x\nTimeoutStopSec=never\n', ['x'], 'this is no time: never'],
  ['x.service', '[Service]\nExecStart=/x\n[Install]\nAlias=y.service\n', ['x'], 'Alias is left out'],
  ['x.service', '[Socket]\nListenStream=1\n[Service]\nExecStart=/x\n', ['x'], '[Socket] is left out'],
  ['web@.service', '[Service]\nExecStart=/x --port 80%i\n', ['web'], 'the name of an instance'],
  ['x.timer', '[Timer]\nOnCalendar=daily\n', [], 'there is no x.service'],
  ['a.plist', `\uFEFF${agent(LABEL)}`, ['a'], null],
  ['a.plist', '<?xml version="1.0"?><plist><dict><key>Label</key>', [], 'no property list'],
  [
    'a.plist',
    `<!DOCTYPE plist [<!ENTITY x SYSTEM "file:///etc/passwd">]>${agent(LABEL)}`,
    [],
    'no property list',
  ],
  ['a.plist', agent(LABEL.replace('/x', '&x;')), [], 'no property list'],
  ['a.plist', agent('<key>Label</key><integer>5</integer>'), [], 'neither ProgramArguments nor Program'],
  ['a.plist', agent(`${LABEL}<key>Nice</key><string>a</string>`), ['a'], 'nice is left out'],
  ['a.plist', agent(`${LABEL}<key>Weird</key><data>AAAA</data>`), ['a'], 'Weird is left out'],
  [
    'a.plist',
    agent(`${LABEL}<key>StartCalendarInterval</key><dict><key>Hour</key><integer>99</integer></dict>`),
    [],
    'a is left out: schedule',
  ],
  ['a.plist', '<plist version="1.0"><array/></plist>', [], 'no property list'],
  ['a.plist', 'bplist00\0\u0001', [], 'no property list'],
  ['crontab', '\uFEFFMAILTO=""\r\n@hourly   x\r\n*/5 * * * *\ty\r\n', ['x', 'y'], 'MAILTO is left out'],
  ['crontab', '@every 5m y\n', [], '@every is no schedule here'],
  ['crontab', '0 0 31 2 * never\n', [], 'is no schedule here'],
  ['crontab', '* * * * *\nnonsense\n0 0 * * * x\n', ['x'], 'this is no line of a crontab'],
  ['crontab', '0 5 * * 0,7 a\\%b%in\n', ['a-b'], 'what follows an unescaped %'],
  ['crontab', '* * * * * root x\n', ['root'], 'root is taken for the program'],
  ['crontab', latin('0 0 * * * /x/\xe9\n'), ['job'], 'this is not UTF-8'],
  ['crontab', '* * * * * x\n* * * * * x\n', ['x', 'x-2'], 'there is a job x already'],
  ['Procfile', '\uFEFFweb: a\r\nweb: b\r\n', ['web', 'web-2'], 'there is a job web already'],
  ['Procfile', 'web: a\nbad name: x\n: y\nempty:\n', ['web'], 'this is no "name: command"'],
  ['Procfile', latin('web: caf\xe9\n'), ['web'], 'this is not UTF-8'],
  ['Procfile', 'web: a\0b\nother: x\n', ['other'], 'web is left out'],
];

test.each(ROWS)(
  'an odd file is read as far as it goes, and the rest is reported: %s %j',
  (name, held, jobs, told) => {
    const file = join(dir, name);
    writeFileSync(file, held);
    const result = importFiles([file], { format: null, trust: false, home: HOME, environment: {} });
    expect(result.ok ? result.jobs : []).toEqual(jobs);
    const said = result.remarks.map(({ message }) => message).join('\n');
    if (told !== null) expect(said).toContain(told);
    if (result.ok) expect(problemsOf(result.toml, { home: HOME })).toEqual([]);
  },
);

test('an .env that is wrong, a drop-in and a huge file are told, and many jobs are read', () => {
  const put = (name: string, text: string): string => {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), text);
    return join(dir, name);
  };
  const read = (file: string): string => {
    const result = importFiles([file], { format: null, trust: false, home: HOME, environment: {} });
    return `${result.ok ? result.jobs.length : result.message}\n${result.remarks.map(({ message }) => message).join('\n')}`;
  };
  put('.env', 'this is no env\n');
  expect(read(put('Procfile', 'web: x\n'))).toContain('env_file is left out');
  put('x.service.d/o.conf', '[Service]\nNice=1\n');
  expect(read(put('x.service', '[Service]\nExecStart=/x\n'))).toContain('`systemctl --user cat x.service`');
  expect(read(put('big/Procfile', 'x'.repeat(17 * 2 ** 20)))).toContain('is larger than 16 MiB');
  const many = Array.from({ length: 2000 }, (_, at) => `  j${at}: { command: sleep ${at} }\n`).join('');
  expect(read(put('many/compose.yaml', `services:\n${many}`))).toMatch(/^2000\n/);
});

test('a config program runs only with --trust, and its output is not part of the import', () => {
  const file = join(dir, 'ecosystem.config.js');
  const sign = join(dir, 'sign');
  writeFileSync(
    file,
    `require('fs').writeFileSync(${JSON.stringify(sign)}, ''); console.log('{"apps": []}');
     module.exports = async () => ({ apps: [{ script: 'x' }] });`,
  );
  const options = { format: null, home: HOME, environment: {} };
  expect(importFiles([file], { ...options, trust: false })).toMatchObject({ code: 'untrusted' });
  expect(existsSync(sign)).toBe(false);
  expect(importFiles([file], { ...options, trust: true })).toMatchObject({ ok: true, jobs: ['x'] });
  writeFileSync(file, 'require("no-such-module");');
  expect(importFiles([file], { ...options, trust: true })).toMatchObject({
    code: 'unreadable',
    message: expect.stringContaining("Cannot find module 'no-such-module'"),
  });
});
