import { Import } from '../../../../src/exchange/draft.ts';
import { importCrontab } from '../../../../src/exchange/import/crontab.ts';
import type { ImportSource } from '../../../../src/exchange/import/source.ts';
import { importOf } from '../../../support/exchange/import-of.ts';

const crontab = (text: string): ReturnType<typeof importOf> => importOf({ crontab: text });
/** The value of a key of the only job. */
const keyOf = (text: string, key: string): string | null =>
  crontab(text).toml.match(new RegExp(`^${key} = (.*)$`, 'm'))?.[1] ?? null;

test.each([
  ['cd /srv && A=1 B=2 exec nohup time /opt/x/run.sh -v', 'run'],
  ['cd /srv; backup.tar', 'backup'],
  ['/usr/bin/env>/tmp/x', 'env'],
  ['(true)', 'true'],
  ['; true', 'job'],
])('a job of a crontab is called after its program: %s', (command, name) => {
  expect(keyOf(`* * * * * ${command}\n`, 'name')).toBe(`"${name}"`);
});

test('variables are those of the lines above, without their quotes', () => {
  const text = 'A="b c"\nB = \'d\'\nC="e\n* * * * * one\nA=2\n* * * * * two\n';
  expect([...crontab(text).toml.matchAll(/^env = (.*)$/gm)].map(([, env]) => env)).toEqual([
    `{ A = "b c", B = "d", C = '"e' }`,
    `{ A = "2", B = "d", C = '"e' }`,
  ]);
});

test('SHELL and HOME of a crontab say how and where its commands run', () => {
  expect(keyOf('* * * * * a | b\n', 'job_command')).toBe('{ exe = "sh", args = ["-c", "a | b"] }');
  expect(keyOf('SHELL=/bin/bash\n* * * * * a | b\n', 'job_command')).toBe(
    '{ exe = "/bin/bash", args = ["-c", "a | b"] }',
  );
  expect(keyOf('SHELL=/bin/bash\n* * * * * a\n', 'env')).toBeNull();
  expect([keyOf('* * * * * a\n', 'cwd'), keyOf('HOME=/srv\n* * * * * a\n', 'cwd')]).toEqual([
    '"/home/ann"',
    '"/srv"',
  ]);
});

test('the comment directly above a line describes its job, unless it is a line that is off', () => {
  expect(keyOf('## Each night\n0 2 * * * a\n', 'description')).toBe('"Each night"');
  expect(keyOf('# Each night\n\n0 2 * * * a\n', 'description')).toBeNull();
  expect(keyOf('# 5 4 * * * b\n0 2 * * * a\n', 'description')).toBeNull();
  expect(keyOf('# Each night\n0 2 * * * a\n0 3 * * * b\n', 'description')).toBe('"Each night"');
  expect(crontab('# Once\n0 2 * * * a\n0 3 * * * b\n').toml.match(/^description/gm)).toHaveLength(1);
});

test('a percent sign ends a command, unless a backslash is before it', () => {
  const { toml, remarks } = crontab('* * * * * date +\\%H %one%two\n');
  expect(toml).toContain('job_command = "date +%H"');
  expect(remarks).toEqual([
    '1: what follows an unescaped % is left out: cron gives it as standard input, which is empty here',
  ]);
});

test('what cron does at its start runs once, and any other shorthand is a schedule', () => {
  const boot = crontab('@reboot a\n');
  expect(boot.toml).toMatch(/^restart = "never"$/m);
  expect(boot.remarks).toEqual([expect.stringContaining('1: a job with restart = "never" runs once')]);
  expect(crontab('@daily a\n')).toMatchObject({
    toml: expect.stringContaining('schedule = "@daily"'),
    remarks: [],
  });
  expect(keyOf('0  2\t* * *   a\n', 'schedule')).toBe('"0 2 * * *"');
});

test('what a crontab says and overseer does not is told with its line', () => {
  const text = 'MAILTO=ann\nCRON_TZ=UTC\n61 * * * * b\nfoo\n* * * * * root c\n';
  expect(crontab(text).remarks).toEqual([
    '1: MAILTO is left out: what a job prints is in its log, and `overseer events -f` tells of failures',
    '2: CRON_TZ is left out: schedules are in the time zone of the daemon, TZ',
    '3: 61 * * * * is no schedule here, so this is left out: b',
    '4: this is no line of a crontab, so it is left out: foo',
    '5: root is taken for the program: where it is the user, as in /etc/crontab, leave it out',
  ]);
});

/** What a crontab of ann's overseer becomes that lies at this path. */
function of(file: string, text: string): { readonly commands: readonly unknown[]; readonly told: unknown } {
  const into = new Import();
  importCrontab({ file, text, user: 'ann', home: '/home/ann' } as ImportSource, into);
  return {
    commands: into.drafts.map(({ keys }) => keys.get('job_command')),
    told: into.remarks.map(({ line, message }) => `${line}: ${message.split(':')[0]}`),
  };
}

test.each(['/etc/crontab', '/etc/cron.d/web'])(
  'each line of a crontab of the system names its user: %s',
  (file) => {
    expect(of(file, '* * * * *  root  x -y\n* * * * * ann z\n* * * * * ann\n')).toEqual({
      commands: ['x -y', 'z'],
      told: [
        '1: overseer runs every job as you, not as root',
        '3: this is no line of a crontab, so it is left out',
      ],
    });
  },
);

test('the crontab of a user names none', () => {
  expect(of('/home/etc/crontab', '* * * * * ann x\n')).toEqual({ commands: ['ann x'], told: [] });
});
