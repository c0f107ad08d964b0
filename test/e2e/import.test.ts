import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { awaited, Home } from './support/home.ts';

let home: Home;
beforeEach(() => {
  home = new Home();
});
afterEach(() => home.dispose());

/** Prints where it runs, what it is given, and two variables. */
const TELL = String.raw`#!/bin/sh
printf '%s\n' "in $(pwd)" "A=$A" "B=$B"; for each; do printf '<%s>\n' "$each"; done
trap 'exit 0' TERM INT; [ "$1" = once ] || while :; do sleep 1; done
`;

function place(name: string, text: string): string {
  const file = home.path(name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text.replaceAll('HERE', home.path('app')));
  return file;
}

const FILES: readonly (readonly [string, string, readonly string[]])[] = [
  [
    'app/Procfile',
    'it: ./tell "two words" $A *.tx\n',
    ['<two words>', '<from>', '<dotenv>', '<*.tx>', 'A=from dotenv', 'B='],
  ],
  [
    'app/supervisord.conf',
    '[program:it]\ncommand=HERE/tell "two words" $A\ndirectory=HERE\nenvironment=A="x,y",B=\'%(program_name)s\'\nautorestart=true\n',
    ['<two words>', '<$A>', 'A=x,y', 'B=it'],
  ],
  [
    'app/ecosystem.json',
    '{ "apps": [ { "name": "it", "script": "./tell", "interpreter": "sh", "args": ["two words", "$A"], "env": { "A": "${x}" } } ] }\n',
    ['<two words>', '<$A>', 'A=${x}'],
  ],
  [
    'app/it.service',
    '[Service]\nExecStart=HERE/tell "two words" ${A} $A $$x\nWorkingDirectory=HERE\nEnvironment="A=a b" B=%%\nRestart=always\n',
    ['<two words>', '<a b>', '<a>', '<b>', '<$x>', 'A=a b', 'B=%'],
  ],
  [
    'app/process-compose.yaml',
    'processes:\n  it:\n    command: ./tell "two words" $$A\n    environment: ["A=a b"]\n    availability: { restart: always }\n',
    ['<two words>', '<a>', '<b>', 'A=a b'],
  ],
  [
    'app/compose.yaml',
    'services:\n  it:\n    command: ["./tell", "two words", "$$A", "${B:-b}"]\n    environment: { A: 1 }\n    restart: always\n',
    ['<two words>', '<$A>', '<b>', 'A=1', 'B='],
  ],
  [
    'app/it.plist',
    '<plist version="1.0"><dict><key>Label</key><string>it</string><key>ProgramArguments</key><array><string>HERE/tell</string><string>two words</string></array><key>WorkingDirectory</key><string>HERE</string><key>EnvironmentVariables</key><dict><key>A</key><string>&lt;a&gt;</string></dict><key>KeepAlive</key><true/></dict></plist>\n',
    ['<two words>', 'A=<a>'],
  ],
  [
    'app/crontab',
    'A=x\n@reboot cd HERE && ./tell once "two words" "$A"\n',
    ['<once>', '<two words>', '<x>', 'A=x'],
  ],
];

test.each(FILES)('T-311 the import of %s starts what its own tool would start', async (name, text, lines) => {
  const file = place(name, text);
  place('app/.env', 'A="from dotenv"\n');
  writeFileSync(home.path('app/tell'), TELL, { mode: 0o755 });
  const ran = await home.overseer('import', '--write', file);
  expect(ran.code).toBe(0);
  expect(ran.stdout).toContain('(1 job)\n');
  expect((await home.overseer('check')).stdout).toContain('ok: 1 job');
  await home.overseer();
  const [job] = (await home.status()).jobs;
  const wanted = [`in ${home.path('app')}`, ...lines].sort();
  await awaited(
    async () => (home.log(job?.name ?? '').split('\n').length > wanted.length ? true : null),
    'its lines',
  );
  const told = home
    .log(job?.name ?? '')
    .trimEnd()
    .split('\n');
  const B = lines.some((line) => line.startsWith('B=')) ? [] : ['B='];
  expect(told.toSorted()).toEqual([...wanted, ...B].toSorted());
});

test('T-312 import prints a config, and on stderr what was left out, with its line', async () => {
  const file = place(
    'supervisord.conf',
    '[program:a]\ncommand=sleep 1000\nuser=nobody\n\n[program:b]\nautostart=true\n',
  );
  const ran = await home.overseer('import', file);
  expect(ran.code).toBe(0);
  expect(ran.stderr).toContain('supervisord.conf:3: overseer runs every job as you, not as nobody');
  expect(ran.stderr).toContain('supervisord.conf:5: [program:b] has no command, so it is left out');
  home.write('a.toml', ran.stdout);
  expect((await home.overseer('check')).code).toBe(0);
  const json = await home.json<{ jobs: string[]; remarks: unknown[] }>('import', file);
  expect(json.jobs).toEqual(['a']);
  expect(json.remarks).toHaveLength(2);
});

test('T-313 import --write never writes over a file, nor a config that would have problems', async () => {
  const file = place('Procfile', 'web: sleep 1000\n');
  const path = join(home.config, 'procfile.toml');
  expect((await home.overseer('import', '--write', file)).stdout).toContain(`wrote ${path}`);
  const before = readFileSync(path, 'utf8');
  const again = await home.overseer('import', '--write', file);
  expect(again).toMatchObject({ code: 1 });
  expect(again.stderr).toContain(`${path} is there already; nothing was written`);
  const other = place('other/dev', 'WEB: sleep 1\n');
  const clash = await home.overseer('import', '--write', other);
  expect(clash).toMatchObject({ code: 78 });
  expect(clash.stderr).toContain('nothing was written: the config would have these problems');
  expect(existsSync(join(home.config, 'dev.toml'))).toBe(false);
  expect(readFileSync(path, 'utf8')).toBe(before);
});

test('T-314 import runs a program only with --trust, and --format wins over the name of a file', async () => {
  const file = place(
    'ecosystem.config.cjs',
    'module.exports = { apps: [{ name: "x", script: "sleep", args: "1000" }] };\n',
  );
  const refused = await home.overseer('import', file);
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(refused.stderr).toContain('which overseer runs only if you trust it: --trust');
  expect((await home.overseer('import', '--trust', file)).stdout).toContain('job_command = "sleep 1000"');
  const named = place('Procfile', '* * * * * echo hello\n');
  expect((await home.overseer('import', '--from', 'crontab', named)).stdout).toContain(
    'schedule = "* * * * *"',
  );
  expect(await home.overseer('import', '--from', 'cron', named)).toMatchObject({ code: 64 });
  expect(await home.overseer('import')).toMatchObject({ code: 64 });
});

test('T-990 with --project, --write makes the project’s overseer.toml, and never writes over one', async () => {
  const file = place('app/Procfile', 'web: sleep 1000\n');
  const path = home.path('app/overseer.toml');
  const project = `--project=${home.path('app')}`;
  const wrote = await home.overseer(project, 'import', '--write', file);
  expect(wrote).toMatchObject({ code: 0 });
  expect(wrote.stdout).toBe(
    `wrote ${path} (1 job)\nRead it, then \`overseer ${project} plan\` says what it would do.\n`,
  );
  expect((await home.overseer(project, 'check')).code).toBe(0);
  expect(existsSync(home.config) ? readdirSync(home.config) : []).toEqual([]);
  const before = readFileSync(path, 'utf8');
  const again = await home.overseer(project, 'import', '--write', file);
  expect(again).toMatchObject({ code: 1, stdout: '' });
  expect(again.stderr).toContain(
    `${path} is there already; nothing was written; without --write the jobs are printed, to be added to it`,
  );
  expect(readFileSync(path, 'utf8')).toBe(before);
  expect(readdirSync(home.path('app')).sort()).toEqual(['Procfile', 'overseer.toml']);
});
