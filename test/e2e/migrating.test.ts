import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Home, root } from './support/home.ts';

let home: Home;
beforeEach(() => {
  home = new Home({ TERM: 'dumb' });
  // As where no XDG variable is set.
  symlinkSync(join(home.dir, 'config'), home.path('.config'));
});
afterEach(() => home.dispose());

const PAGES = join(root, 'docs/migrating');

/** No XDG variable is set, as for most users. */
const blocksOf = (page: string): readonly (readonly string[])[] =>
  [...readFileSync(join(PAGES, page), 'utf8').matchAll(/^```\n([^]*?)^```$/gm)].map(([, block = '']) =>
    block
      .trimEnd()
      .split('\n')
      .map((line) => line.replace(/^\$ /, '')),
  );

function place(name: string, text: string): void {
  const path = home.path(name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

const agent = (label: string): string =>
  `<?xml version="1.0"?><plist version="1.0"><dict><key>Label</key><string>${label}</string>
<key>ProgramArguments</key><array><string>/bin/sleep</string><string>1000</string></array>
<key>KeepAlive</key><true/></dict></plist>`;

/** What a user of each tool has, and the jobs that it comes to. */
const HAD: Readonly<Record<string, readonly [Readonly<Record<string, string>>, readonly string[]]>> = {
  'supervisord.md': [{ 'supervisord.conf': '[program:web]\ncommand=sleep 1000\n' }, ['web']],
  'pm2.md': [
    {
      'ecosystem.config.js':
        'module.exports = { apps: [{ name: "web", script: "/bin/sleep", args: "1000" }] };\n',
    },
    ['web'],
  ],
  'launchd.md': [
    {
      'Library/LaunchAgents/com.example.web.plist': agent('com.example.web'),
      'Library/LaunchAgents/com.example.db.plist': agent('com.example.db'),
    },
    ['com.example.db', 'com.example.web'],
  ],
  'systemd.md': [
    {
      '.config/systemd/user/web.service':
        '[Unit]\nAfter=db.service\n[Service]\nExecStart=/bin/sleep 1000\nRestart=always\n',
      '.config/systemd/user/db.service': '[Service]\nExecStart=/bin/sleep 1000\nRestart=always\n',
      '.config/systemd/user/backup.service': '[Service]\nType=oneshot\nExecStart=/bin/true\n',
      '.config/systemd/user/backup.timer': '[Timer]\nOnCalendar=daily\n',
    },
    ['backup', 'db', 'web'],
  ],
  'process-compose.md': [
    {
      'process-compose.yaml':
        'processes:\n  web: { command: exec sleep 1000, availability: { restart: always } }\n',
    },
    ['web'],
  ],
  'foreman.md': [{ Procfile: 'web: exec sleep 1000\n', '.env': 'A=1\n' }, ['web']],
  'cron.md': [{}, ['true']],
};

/** The tools that are left: what they are told is written down. */
const OTHERS = ['supervisorctl', 'pm2', 'launchctl', 'systemctl', 'process-compose', 'crontab'];

test.each(Object.entries(HAD))(
  'T-889 every command of docs/migrating/%s does what the page says, for a new user',
  async (page, [files, jobs]) => {
    for (const [name, text] of Object.entries(files)) place(name, text);
    for (const tool of OTHERS) {
      place(
        `bin/${tool}`,
        '#!/bin/sh\necho "$0" "$@" >> "$HOME/told"\n[ "$1" != -l ] || echo "@daily true"\n',
      );
      chmodSync(home.path(`bin/${tool}`), 0o755);
    }
    const [first = [], ...others] = blocksOf(page);
    expect(first.at(-1)).toBe('overseer status');
    const path = `PATH="${home.path('bin')}:$PATH"`;
    const ran = await home.shell(`${path}; ${first.join(' && ')}`);
    expect(ran).toMatchObject({ code: 0 });
    for (const job of jobs) expect(ran.stdout.split('\n').some((line) => line.startsWith(job))).toBe(true);
    expect((await home.status()).jobs.map(({ name }) => name).sort()).toEqual(jobs);
    for (const block of others) {
      // It would go on for ever.
      const lines = block.map((line) => (line === 'overseer run' ? `${line} --help` : line));
      expect(await home.shell(`${path}; ${lines.join(' && ')}`)).toMatchObject({ code: 0 });
    }
  },
);

/** Those that go on, want a terminal, or change the login of the user. */
const ONLY_HELP = /^overseer (top|web|run|autostart|import|attach)\b/;
const GOES_ON = /^overseer (logs -f|events)/;
const STATES = ['backoff', 'failed', 'finished'];
const IN_WORDS = /^nothing: |^`overseer import Procfile`/;

const rows = [...readFileSync(join(PAGES, 'words.md'), 'utf8').matchAll(/^\| (`.*|.*`.*|.*) \| (.+) \|$/gm)]
  .map(([, , here = '']) => here)
  .filter((here) => here !== 'here');

test('T-890 every row of “what you called it, and what it is here” was tried', async () => {
  home.write(
    'a.toml',
    '[[jobs]]\nname = "web"\njob_command = "sleep 1000"\ntags = ["front"]\nstdin = true\n[[jobs]]\nname = "db"\njob_command = "sleep 1000"\n',
  );
  writeFileSync(home.path('app.env'), 'A=1\n');
  const tried = new Set<string>();
  let keys = '';
  expect(rows.length).toBeGreaterThan(90);
  for (const here of rows) {
    const codes = [...here.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
    if (codes.length === 0) expect(here).toMatch(IN_WORDS);
    const written = codes.filter((code) => /^[a-z_]+ = /.test(code));
    if (written.length > 0)
      keys += `[[jobs]]\nname = "job${keys.length}"\n${written.join('\n')}\n${written.some((code) => code.startsWith('job_command')) ? '' : 'job_command = "sleep 1"\n'}${written.some((code) => code.startsWith('env_file')) ? 'cwd = "~"\n' : ''}`;
    for (const code of codes.filter((each) => !written.includes(each))) {
      if (code.startsWith('overseer')) tried.add(code.replaceAll('NAME', 'web'));
      else expect(STATES).toContain(code);
    }
  }
  await home.overseer();
  for (const command of [...tried].sort((one) => (one === 'overseer die' ? 1 : -1))) {
    const line = ONLY_HELP.test(command) ? `${command.split(' ').slice(0, 2).join(' ')} --help` : command;
    const ran = await home.shell(GOES_ON.test(line) ? `timeout 2 ${line}` : line);
    expect([command, GOES_ON.test(line) && ran.code === 124 ? 0 : ran.code, ran.stderr]).toEqual([
      command,
      0,
      '',
    ]);
  }
  const checked = home.path('keys.toml');
  writeFileSync(checked, `[[jobs]]\nname = "db"\njob_command = "sleep 1"\n${keys}`);
  expect(await home.overseer('check', checked)).toMatchObject({ code: 0, stderr: '' });
});
