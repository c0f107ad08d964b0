import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { within } from './support/home.ts';
import { home } from './support/fresh-home.ts';
import { job, program } from './support/sleeps.ts';
import { logged } from './support/logged.ts';

describe('an output that cannot be written', () => {
  const full = existsSync('/dev/full') ? test : test.skip;

  full('is said in a line, with exit code 1, by every command', async () => {
    home.write('jobs.toml', program('web', `{ exe = "sh", args = ["-c", "echo up; exec sleep 1000"] }`));
    await home.overseer();
    await logged('web', 'up');
    const said = {
      code: 1,
      stdout: '',
      stderr: 'overseer: cannot write the output: no space is left on the device\n',
    };
    for (const line of [
      'status --json',
      'logs',
      'logs -f',
      'machines',
      'events',
      'events -f --verbose',
      '--help',
      '--version',
      'check',
    ])
      expect([line, await within(home.shell(`overseer ${line} > /dev/full`), line)]).toEqual([line, said]);
    expect(await home.shell('overseer status > /dev/full 2>&1')).toMatchObject({ code: 1 });
    expect((await home.shell('overseer logs -n 100 web | true')).stderr).toBe('');
  });
});

const hasTerminal = spawnSync('script', ['-qec', 'true', '/dev/null']).status === 0;

describe('colour', () => {
  const onTerminal = (line: string, env = ''): Promise<{ readonly stdout: string }> =>
    home.shell(`env TERM=xterm ${env} script -qec '${line}' /dev/null`);

  (hasTerminal ? test : test.skip)(
    'T-51 colour is on a terminal only, and not where NO_COLOR or --no-color says no',
    async () => {
      home.write('jobs.toml', job('web'));
      await home.overseer();
      const isColoured = async (line: string, env?: string): Promise<boolean> =>
        (await onTerminal(line, env)).stdout.includes('\u001b[3');
      expect(await isColoured('overseer status')).toBe(true);
      expect(await isColoured('overseer status', 'NO_COLOR=1')).toBe(false);
      expect(await isColoured('overseer status --no-color')).toBe(false);
      expect(await isColoured('overseer status | cat')).toBe(false);
    },
  );
});
