import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { OVERSEER, within } from './support/home.ts';
import { home } from './support/fresh-home.ts';
import { Going } from './support/going.ts';
import { lateJob as job } from './support/sleeps.ts';

describe('status --watch', () => {
  const hasTerminals = process.platform === 'linux' && existsSync('/usr/bin/script');

  const DRAW_AGAIN = new RegExp(String.raw`\u001b\[\d+A\r`);

  /** A command on a terminal of its own. */
  function onTerminal(words: string): Going {
    const command = `stty rows 10 cols 80; exec ${process.execPath} ${OVERSEER} ${words}`;
    return new Going(
      spawn('/usr/bin/script', ['-qefc', command, '/dev/null'], {
        env: { ...home.env, TERM: 'xterm', NO_COLOR: '1' },
        cwd: home.dir,
      }),
    );
  }

  (hasTerminals ? test : test.skip)(
    'T-91 status -w redraws the table in place when something changes, until Ctrl-C, exit code 0',
    async () => {
      home.write('jobs.toml', job('web') + job('api'));
      await home.apply();
      const watching = onTerminal('status --watch');
      await watching.until(/api .*running[^]*web .*running/);
      await home.overseer('stop', 'api');
      await watching.until(/api .*stopped/);
      expect(watching.out.slice(watching.out.indexOf('stopped') - 60)).toMatch(DRAW_AGAIN);
      watching.child.stdin.write('\x03');
      expect((await within(watching.end, 'the end')).code).toBe(0);
    },
  );

  (hasTerminals ? test : test.skip)(
    'shows what fits, ends with the daemon, and says when its job is gone',
    async () => {
      home.write(
        'jobs.toml',
        Array.from({ length: 12 }, (_, index) => job(`job-${index}`, '', 'sleep 1000')).join(''),
      );
      await home.overseer('--no-wait');
      const all = onTerminal('status --watch');
      await all.until('… and 5 more');
      const one = onTerminal('status -w job-3');
      await one.until(/job-3 .*running/);
      home.write('jobs.toml', job('job-1'));
      await home.overseer('--no-wait');
      expect(await within(one.end, 'the end')).toMatchObject({
        code: 4,
        stdout: expect.stringContaining('there is no such job any more'),
      });
      await home.overseer('die');
      expect(await within(all.end, 'the end')).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('the daemon has ended'),
      });
      expect((await within(onTerminal('status --watch').end, 'the end')).code).toBe(3);
    },
  );

  test('T-92 status --watch is refused where the output is no terminal', async () => {
    expect(await home.overseer('status', '--watch')).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('overseer events -f'),
    });
  });
});
