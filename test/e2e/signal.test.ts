import { awaited, Home } from './support/home.ts';

let home: Home;
beforeEach(() => {
  home = new Home();
});
afterEach(() => home.dispose());

const logged = (job: string, line: string): Promise<true> =>
  awaited(
    async () => (home.log(job).split('\n').includes(line) ? true : null),
    `${line} in the log of ${job}`,
  );

const describeOnLinux = process.platform === 'linux' ? describe : describe.skip;

describeOnLinux('signal', () => {
  test.each(['always', 'on-failure'])(
    'reaches a program with real-time signals, by number and by name, and harms nobody: %s',
    async (restart) => {
      const script = `trap 'echo 34' 34; trap 'echo 36' 36; trap 'echo 64' 64; echo up; while :; do sleep 0.02; done`;
      home.write(
        'a.toml',
        `[[jobs]]\nname = "web"\nrestart = "${restart}"\nstart_seconds = 0\njob_command = { exe = "sh", args = ["-c", "${script}"] }\n`,
      );
      await home.overseer();
      await logged('web', 'up');
      const { pid } = await home.job('web');
      expect(await home.overseer('signal', '34', 'web')).toMatchObject({
        code: 0,
        stdout: 'sent RTMIN to web\n',
      });
      await logged('web', '34');
      expect(await home.overseer('signal', 'RTMIN+2', 'web')).toMatchObject({ code: 0 });
      await logged('web', '36');
      expect(await home.overseer('signal', 'sigrtmax', 'web')).toMatchObject({ code: 0 });
      await logged('web', '64');
      expect(await home.job('web')).toMatchObject({ state: 'running', pid, restarts: 0 });
      const refused = await Promise.all(
        ['33', '65', '0', 'RTMIN+31'].map(async (word) => (await home.overseer('signal', word, 'web')).code),
      );
      expect(refused).toEqual([64, 64, 64, 64]);
    },
  );
});
