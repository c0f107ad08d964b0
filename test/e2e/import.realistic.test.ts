import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { buildBinary, parse } from 'plist';
import { Home } from './support/home.ts';
import { EVERY_DAY, expectAsTold, TELLS, type ExpectedJob } from './support/told.ts';

let home: Home;
beforeEach(() => {
  home = new Home({ SHELL_VARIABLE: 'of the shell' });
});
afterEach(() => home.dispose());

const AGAIN = ['again', 'again'] as const;
const IF_FAILED = ['again', 'left'] as const;
const NEVER = ['left', 'left'] as const;
const WORKDAYS = [1, 2, 3, 4, 5];

const agent = (keys: string): string => `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict>${keys}</dict></plist>
`;
const key = (name: string, value: string): string => `<key>${name}</key>${value}`;
const list = (...words: readonly string[]): string =>
  `<array>${words.map((word) => `<string>${word}</string>`).join('')}</array>`;

interface Realistic {
  readonly files: Readonly<Record<string, string>>;
  /** The files that the command names. */
  readonly named: readonly string[];
  readonly jobs: readonly ExpectedJob[];
  readonly remarks: readonly string[];
}

/** HERE stands for the folder of the app. */
const FORMATS: Readonly<Record<string, Realistic>> = {
  procfile: {
    files: {
      Procfile:
        '# the app\r\nweb:    ./tell web -p $PORT "two words"\r\nworker: exec ./tell worker --queue=$A 2>&1 | cat\r\n',
      '.env': '# of the app\nA="from dotenv"\nexport B=b\nPORT=3000\n',
    },
    named: ['Procfile'],
    jobs: [
      { name: 'web', told: 'HERE|A=from dotenv|B=b|web|-p|3000|two words', ends: AGAIN },
      { name: 'worker', told: 'HERE|A=from dotenv|B=b|worker|--queue=from|dotenv', ends: null },
    ],
    remarks: ['foreman ends everything when one process ends'],
  },
  supervisord: {
    files: {
      'supervisord.conf': `[supervisord]
nodaemon=true
environment=B="of all"

[include]
files = conf.d/*.conf

[program:web]
command=HERE/tell web "%(program_name)s 100%%" %(ENV_SHELL_VARIABLE)s
directory=HERE/conf.d
environment=A="x,y"   ; a comment
autorestart=true

[program:unexpected]
command=HERE/tell unexpected ; exits are looked at
startsecs=1

[group:all]
programs=web,copies
`,
      'conf.d/more.conf': `[program:once]
command=HERE/tell once
 --on-a-line=of-its-own
autorestart=false
[program:copies]
command=HERE/tell copy%(process_num)d
numprocs=2
process_name=%(program_name)s_%(process_num)d
`,
    },
    named: ['supervisord.conf'],
    jobs: [
      { name: 'web', told: 'HERE/conf.d|A=x,y|B=of all|web|web 100%|of|the|shell', ends: AGAIN },
      { name: 'unexpected', told: 'HERE|A=|B=of all|unexpected', ends: IF_FAILED },
      { name: 'once', told: 'HERE|A=|B=of all|once|--on-a-line=of-its-own', ends: NEVER },
      { name: 'copies-0', told: 'HERE|A=|B=of all|copy0', ends: null },
      { name: 'copies-1', told: 'HERE|A=|B=of all|copy1', ends: null },
    ],
    remarks: ['%(ENV_SHELL_VARIABLE)s is what SHELL_VARIABLE holds in this shell now'],
  },
  pm2: {
    files: {
      'ecosystem.config.cjs': `const path = require('node:path');
console.log('a config that prints');
module.exports = () => ({
  apps: [
    { name: 'web', script: path.join(__dirname, 'tell'), args: 'web --title "my site"', env: { A: 1, B: '$' + '{x}' } },
    { name: 'sub', script: '../tell', cwd: './sub', args: ['sub', '$A'], autorestart: false },
    { name: 'codes', script: './tell', interpreter: 'sh', args: 'codes', stop_exit_codes: [0], restart_delay: 100 },
  ],
});
`,
      'sub/keep': '',
    },
    named: ['--trust', 'ecosystem.config.cjs'],
    jobs: [
      { name: 'web', told: 'HERE|A=1|B=${x}|web|--title|my site', ends: AGAIN },
      { name: 'sub', told: 'HERE/sub|A=|B=|sub|$A', ends: NEVER },
      { name: 'codes', told: 'HERE|A=|B=|codes', ends: IF_FAILED },
    ],
    remarks: [],
  },
  systemd: {
    files: {
      'web.service': `[Unit]
Description=The web of %u
After=network.target db.service

[Service]
Type=exec
Environment="A=a b" B=50%%
WorkingDirectory=HERE
ExecCondition=/usr/bin/test -e HERE/tell
ExecStart=HERE/tell web \\
  "two words" \${A} $A $$HOME
Restart=always

[Install]
WantedBy=default.target
`,
      'db.service': `[Service]
EnvironmentFile=HERE/db.env
WorkingDirectory=HERE
ExecStart=HERE/tell db
Restart=on-failure
RestartSec=100ms
`,
      'db.env': 'A=of a file\n',
      'report.service': '[Service]\nType=oneshot\nWorkingDirectory=HERE\nExecStart=HERE/tell done\n',
      'report.timer':
        '[Timer]\nOnCalendar=Mon..Fri *-*-* 02:30:00\nPersistent=true\n[Install]\nWantedBy=timers.target\n',
      'tick.service': '[Service]\nType=oneshot\nWorkingDirectory=HERE\nExecStart=HERE/tell done tick\n',
      'tick.timer': '[Timer]\nOnBootSec=0\nOnUnitActiveSec=1h 30min\n',
    },
    named: ['web.service', 'db.service', 'report.timer', 'tick.service', 'tick.timer'],
    jobs: [
      { name: 'web', told: 'HERE|A=a b|B=50%|web|two words|a b|a|b|$HOME', ends: AGAIN },
      { name: 'db', told: 'HERE|A=of a file|B=|db', ends: IF_FAILED },
      { name: 'report', told: '', ends: null, next: { at: [2, 30], days: WORKDAYS } },
      { name: 'tick', told: 'HERE|A=|B=|done|tick', ends: null, next: 5400 },
    ],
    remarks: [],
  },
  'process-compose': {
    files: {
      'process-compose.yaml': `version: "0.5"
environment: ["B=of all"]
processes:
  db:
    command: exec ./tell db "two words"
    availability: { restart: always }
    readiness_probe: { exec: { command: "test -e HERE/tell" }, period_seconds: 1 }
  web:
    command: exec ../tell web $$A
    working_dir: ./sub
    environment:
      A: "a \${SHELL_VARIABLE}"
    availability: { restart: on_failure, backoff_seconds: 1 }
    depends_on: { db: { condition: process_healthy } }
  once:
    command: exec ./tell once
    depends_on: { db: { condition: process_started } }
  tick:
    command: ./tell done tick
    schedule: { interval: 90m, run_on_start: true }
  copies:
    command: exec ./tell copies
    replicas: 2
`,
      'sub/keep': '',
      '.env': 'A=of dotenv\n',
    },
    named: ['process-compose.yaml'],
    jobs: [
      { name: 'db', told: 'HERE|A=of dotenv|B=of all|db|two words', ends: AGAIN },
      { name: 'web', told: 'HERE/sub|A=a of the shell|B=of all|web|a|of|the|shell', ends: IF_FAILED },
      { name: 'once', told: 'HERE|A=of dotenv|B=of all|once', ends: NEVER },
      { name: 'tick', told: 'HERE|A=of dotenv|B=of all|done|tick', ends: null, next: 5400 },
      { name: 'copies@1', told: 'HERE|A=of dotenv|B=of all|copies', ends: null },
      { name: 'copies@2', told: 'HERE|A=of dotenv|B=of all|copies', ends: null },
    ],
    remarks: [],
  },
  compose: {
    files: {
      'docker-compose.yml': `name: shop
x-shared: &shared
  environment: &env { B: of all }
  restart: unless-stopped
services:
  web:
    <<: *shared
    command: ./tell web "two words" \${PORT:-3000}
    environment: { <<: *env, A: "\${FROM_ENV}" }
    depends_on: { setup: { condition: service_completed_successfully } }
  worker:
    entrypoint: ["HERE/tell", "worker"]
    command: ["$$A"]
    restart: on-failure
  setup:
    command: ["./tell", "done"]
  db:
    image: postgres:16
`,
      '.env': 'FROM_ENV=of dotenv\n',
    },
    named: ['docker-compose.yml'],
    jobs: [
      { name: 'setup', told: 'HERE|A=|B=|done', ends: null },
      { name: 'web', told: 'HERE|A=of dotenv|B=of all|web|two words|3000', ends: AGAIN },
      { name: 'worker', told: 'HERE|A=|B=|worker|$A', ends: IF_FAILED },
    ],
    remarks: ['db runs what its image says, so it is left out'],
  },
  launchd: {
    files: {
      'web.plist': agent(
        key('Label', '<string>web</string>') +
          key('ProgramArguments', list('HERE/tell', 'web', 'two &amp; words')) +
          key('EnvironmentVariables', '<dict><key>A</key><string>${x}</string></dict>') +
          key('WorkingDirectory', '<string>HERE</string>') +
          key('KeepAlive', '<true/>'),
      ),
      'failed.plist': agent(
        key('Label', '<string>failed</string>') +
          key('ProgramArguments', list('HERE/tell', 'failed')) +
          key(
            'KeepAlive',
            '<dict><key>SuccessfulExit</key><false/><key>PathState</key><dict><key>HERE/tell</key><true/></dict></dict>',
          ),
      ),
      'once.plist': agent(
        key('Label', '<string>once</string>') +
          key('ProgramArguments', list('HERE/tell', 'once')) +
          key('RunAtLoad', '<true/>'),
      ),
      'night.plist': agent(
        key('Label', '<string>night</string>') +
          key('ProgramArguments', list('HERE/tell', 'done')) +
          key(
            'StartCalendarInterval',
            '<dict><key>Hour</key><integer>2</integer><key>Minute</key><integer>5</integer></dict>',
          ),
      ),
      'often.plist': agent(
        key('Label', '<string>often</string>') +
          key('ProgramArguments', list('HERE/tell', 'done', 'often')) +
          key('StartInterval', '<integer>600</integer>') +
          key('RunAtLoad', '<true/>'),
      ),
    },
    named: ['web.plist', 'failed.plist', 'once.plist', 'night.plist', 'often.plist'],
    jobs: [
      { name: 'web', told: 'HERE|A=${x}|B=|web|two & words', ends: AGAIN },
      { name: 'failed', told: '/|A=|B=|failed', ends: IF_FAILED },
      { name: 'once', told: '/|A=|B=|once', ends: NEVER },
      { name: 'night', told: '', ends: null, next: { at: [2, 5], days: EVERY_DAY } },
      { name: 'often', told: '/|A=|B=|done|often', ends: null, next: 600 },
    ],
    remarks: [],
  },
  crontab: {
    files: {
      crontab: `SHELL=/bin/bash
A = "a b"
HOME=HERE
# Every working day
15 6 * * mon-fri  ./tell done "$A" && ./tell done second
@daily cd HERE/sub && ../tell done 100\\% > /dev/null
@reboot exec ./tell boot "$A"
`,
      'sub/keep': '',
    },
    named: ['crontab'],
    jobs: [
      { name: 'tell', told: '', ends: null, next: { at: [6, 15], days: WORKDAYS } },
      { name: 'tell-2', told: '', ends: null, next: { at: [0, 0], days: EVERY_DAY } },
      { name: 'tell-3', told: 'HERE|A=a b|B=|boot|a b', ends: null },
    ],
    remarks: ['a job with restart = "never" runs once'],
  },
};

test.each(Object.entries(FORMATS))(
  'T-887 a realistic %s runs as its own tool would run it, restarts and schedule included',
  async (_, { files, named, jobs, remarks }) => {
    const app = home.path('app');
    for (const [name, text] of Object.entries({ ...files, tell: TELLS })) {
      mkdirSync(dirname(`${app}/${name}`), { recursive: true });
      writeFileSync(`${app}/${name}`, text.replaceAll('HERE', app), { mode: 0o755 });
    }
    const [first = '', ...others] = named.map((each) => (each.startsWith('-') ? each : `${app}/${each}`));
    const ran = await home.overseer('import', '--write', first, ...others);
    expect(ran.code).toBe(0);
    for (const remark of remarks) expect(ran.stderr).toContain(remark);
    expect((await home.overseer('check')).code).toBe(0);
    const wrote = ran.stdout.match(/\((\d+) jobs?\)/)?.[1];
    expect(Number(wrote)).toBe(new Set(jobs.map(({ name }) => name.replace(/@\d+$/, ''))).size);
    // A one-shot is awaited until it has finished.
    await home.overseer('apply', '--no-wait');
    const here = (text: string): string => text.replaceAll('HERE', app);
    await Promise.all(jobs.map((job) => expectAsTold(home, { ...job, told: here(job.told) })));
  },
  60_000,
);

test('T-888 a binary property list runs as the XML one does', async () => {
  const plist = home.path('web.plist');
  writeFileSync(
    plist,
    buildBinary(
      parse(
        agent(
          key('Label', '<string>web</string>') +
            key('ProgramArguments', list('/bin/echo', 'two words')) +
            key('RunAtLoad', '<true/>'),
        ),
      ) as never,
    ),
  );
  await home.overseer('import', '--write', plist);
  await home.overseer();
  await home.until('web', ({ state }) => state === 'finished');
  expect(home.log('web')).toBe('two words\n');
});
