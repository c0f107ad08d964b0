import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { awaited } from './support/home.ts';
import { home } from './support/fresh-home.ts';
import { job } from './support/sleeps.ts';

const NUMBER = expect.any(Number) as number;

test.each([[[]], [['--json']]])(
  'a state that was damaged is reported once, by the next trigger, with where it is kept (%j)',
  async (how) => {
    home.write('jobs.toml', job('web'));
    await home.overseer();
    await home.overseer('die');
    const path = join(home.data, 'state.journal');
    writeFileSync(path, readFileSync(path, 'utf8').replace('"web"', '"wob"'));
    const { code, stdout, stderr } = await home.overseer(...how);
    const kept = readdirSync(home.data).find((name) => name.startsWith('state.corrupt-')) ?? 'none';
    expect([code, stderr]).toEqual([
      0,
      expect.stringMatching(
        new RegExp(
          `^overseer: ${path} was damaged: .* A copy of the damaged file is ${join(home.data, kept)}\\.\\n$`,
        ),
      ),
    ]);
    if (how.length > 0)
      expect(Object.keys(JSON.parse(stdout) as object)).toEqual(['ok', 'changes', 'problems']);
    expect((await home.overseer(...how)).stderr).toBe('');
  },
);

test('T-52 the data folder is for its user alone and holds everything that overseer writes', async () => {
  home.write('jobs.toml', job('web') + job('once', 'restart = "on-failure"').replace('sleep 1000', 'true'));
  await home.overseer();
  await home.overseer('restart', 'web');
  await home.overseer('stop', 'web');
  expect([statSync(home.data).mode & 0o777, statSync(join(home.data, 'socket')).mode & 0o777]).toEqual([
    0o700, 0o600,
  ]);
  expect(JSON.parse(readFileSync(join(home.data, 'socket'), 'utf8'))).toEqual({
    version: 1,
    host: '127.0.0.1',
    port: NUMBER,
    pid: home.daemonPid(),
    token: expect.stringMatching(/^[0-9a-f]{64}\.[0-9a-f]{32}$/) as string,
  });
  await home.overseer('die');
  await awaited(async () => (home.processes().length > 0 ? null : true), 'the daemon gone');
  const written = readdirSync(home.dir, { recursive: true, encoding: 'utf8' }).filter((path) =>
    statSync(home.path(path)).isFile(),
  );
  expect(
    written.filter(
      (path) =>
        !/^trace$|^data\/overseer\/(id|lock|overseerd\.log|state\.journal|history\/\w+|logs\/\w+\.log(\.idx)?|exits\/\w+\/\d+)$/.test(
          path,
        ),
    ),
  ).toEqual(['config/overseer/jobs.toml']);
});
