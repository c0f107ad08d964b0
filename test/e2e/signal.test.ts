import { fixture } from './support/home.ts';
import { home } from './support/fresh-home.ts';
import { job, program } from './support/sleeps.ts';
import { logged } from './support/logged.ts';

const describeOnLinux = process.platform === 'linux' ? describe : describe.skip;

describeOnLinux('signal', () => {
  test.each(['always', 'on-failure'])(
    'signal sends real-time signals by number and by name, and harms nobody: %s',
    async (restart) => {
      const script = `trap 'echo 34' 34; trap 'echo 36' 36; trap 'echo 64' 64; echo up; while :; do sleep 0.02; done`;
      home.write(
        'a.toml',
        `[[jobs]]\nname = "web"\nrestart = "${restart}"\nstart_seconds = 0\njob_command = { exe = "sh", args = ["-c", "${script}"] }\n`,
      );
      await home.overseer();
      await logged('web', 'up\n');
      const { pid } = await home.job('web');
      expect(await home.overseer('signal', '34', 'web')).toMatchObject({
        code: 0,
        stdout: 'sent RTMIN to web\n',
      });
      await logged('web', '34\n');
      expect(await home.overseer('signal', 'RTMIN+2', 'web')).toMatchObject({ code: 0 });
      await logged('web', '36\n');
      expect(await home.overseer('signal', 'sigrtmax', 'web')).toMatchObject({ code: 0 });
      await logged('web', '64\n');
      expect(await home.job('web')).toMatchObject({ state: 'running', pid, restarts: 0 });
      const refused = await Promise.all(
        ['33', '65', '0', 'RTMIN+31'].map(async (word) => (await home.overseer('signal', word, 'web')).code),
      );
      expect(refused).toEqual([64, 64, 64, 64]);
    },
  );
});

test('T-38 signal reaches the whole process group, by whatever name, and nothing that is down', async () => {
  home.write('jobs.toml', program('web', JSON.stringify(fixture('tells-signals'))) + job('off'));
  await home.overseer();
  await home.overseer('stop', 'off');
  const { pid } = await home.job('web');
  await logged('web', 'child ready', 'parent ready');
  expect(await home.overseer('signal', 'HUP', 'web')).toEqual({
    code: 0,
    stdout: 'sent HUP to web\n',
    stderr: '',
  });
  await logged('web', 'child HUP', 'parent HUP');
  expect(await home.json('signal', 'SIGUSR1', 'web')).toEqual({ signalled: ['web'] });
  await logged('web', 'child USR1', 'parent USR1');
  expect((await home.job('web')).pid).toBe(pid);
  expect(await home.overseer('signal', 'HUP', 'off')).toEqual({
    code: 1,
    stdout: '',
    stderr: 'overseer: off: not running, so nothing was signalled\n',
  });
  expect((await home.overseer('signal', 'BOGUS', 'web')).code).toBe(64);
});
