import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect, type ClientConnection } from '../../src/wire/client.ts';
import { LIMITS } from '../../src/wire/limits.ts';
import type { ReportJson as Report } from '../../src/cli/words/change-words.ts';
import type { WhyJson as Why } from '../../src/cli/words/why-words.ts';
import { parseSocketFile } from '../../src/wire/socket-file.ts';
import { Home } from './support/home.ts';
import { sleeper } from './support/shell-job.ts';

let home: Home;
beforeEach(() => {
  home = new Home();
});
afterEach(() => home.dispose());

const lines = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => line(index)).join('');

describe('a config that is far too large', () => {
  test('T-157 a hundred thousand problems get a short answer while the daemon goes on answering', async () => {
    home.write('jobs.toml', sleeper('job'));
    const { changes } = await home.apply();
    home.write(
      'more.toml',
      lines(100_000, (index) => `k${index} = 1\n`),
    );
    let isDone = false;
    const refused = home.apply().finally(() => (isDone = true));
    const waits: number[] = [];
    while (!isDone) {
      const before = performance.now();
      const [job] = (await home.status()).jobs;
      waits.push(performance.now() - before);
      expect(job).toMatchObject({ state: 'running', pid: changes[0]?.pid });
    }
    const { code, problems } = await refused;
    expect(code).toBe(78);
    expect(problems).toHaveLength(101);
    expect(problems.at(-1)?.message).toBe('99,900 more problems are not shown: mend those above first');
    // Answered many times meanwhile, not once after it.
    expect(waits.length).toBeGreaterThan(5);
  });

  test('a large config that is right comes into force, and the next trigger changes nothing', async () => {
    writeFileSync(join(home.dir, 'vars.env'), `TEXT=${'x'.repeat(40_000)}\n`);
    home.write(
      'jobs.toml',
      `[[jobs]]\nname = "job"\nstart_seconds = 0\njob_command = "sleep 1000"\nenv_file = "vars.env"\n`,
    );
    const first = await home.apply();
    expect(first).toMatchObject({ ok: true, changes: [{ action: 'start', state: 'running' }] });
    const plan = await home.json<Report>('plan');
    expect(plan.changes).toMatchObject([{ action: 'none' }]);
    expect((await home.apply()).changes).toMatchObject([{ action: 'none', pid: first.changes[0]?.pid }]);
  });
});

describe('a daemon with as many clients as it takes', () => {
  async function followers(count: number): Promise<readonly ClientConnection[]> {
    const file = parseSocketFile(readFileSync(join(home.data, 'socket'), 'utf8'));
    if (file === null) throw new Error('no socket file');
    const connections: ClientConnection[] = [];
    for (let index = 0; index < count; index += 1) connections.push(await connect(file));
    for (const connection of connections)
      connection.request(
        { name: 'events', jobs: [], follow: true, verbose: false },
        () => undefined,
        () => undefined,
      );
    return connections;
  }

  test('T-158 short commands are done, one that lasts is refused, and the socket file stays', async () => {
    home.write('jobs.toml', sleeper('job'));
    await home.apply();
    const { ino } = statSync(join(home.data, 'socket'));
    const connections = await followers(LIMITS.provenPeers);
    expect(await home.overseer('status', 'job')).toMatchObject({ code: 0, stderr: '' });
    expect(await home.overseer('events', '-f')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no room for another client (256 are connected)'),
    });
    expect((await home.overseer('stop', 'job')).code).toBe(0);
    const more = await followers(LIMITS.reservedPeers);
    for (const command of [['status'], ['stop', 'job'], ['apply']])
      expect(await home.overseer(...command)).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('no room for another client'),
      });
    expect(statSync(join(home.data, 'socket')).ino).toBe(ino);
    for (const connection of [...connections, ...more]) connection.close();
    expect((await home.overseer('status')).code).toBe(0);
  });
});

test('a new job of an old name shows nothing of the old one', async () => {
  home.write('jobs.toml', sleeper('job') + sleeper('other'));
  await home.apply();
  for (let round = 0; round < 3; round += 1) await home.overseer('restart', 'job');
  home.write('jobs.toml', sleeper('other'));
  expect((await home.apply()).changes).toMatchObject([{ job: 'job', action: 'remove' }, { job: 'other' }]);
  home.write('jobs.toml', sleeper('job') + sleeper('other'));
  await home.apply();
  const why = await home.json<{ readonly jobs: readonly Why[] } | Why>('why', 'job');
  const { history } = 'jobs' in why ? (why.jobs[0] as Why) : why;
  expect(history.map(({ event }) => event)).not.toContain('Restart');
  expect(history[0]?.from).toBe('');
});
