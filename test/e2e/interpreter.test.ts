import { chmodSync, writeFileSync } from 'node:fs';
import { Home } from './support/home.ts';
import { sleeper } from './support/shell-job.ts';

let home: Home;
beforeEach(() => {
  home = new Home();
});
afterEach(() => home.dispose());

test('T-156 a script whose interpreter is missing says so, as a job and as a test', async () => {
  const script = home.path('script');
  writeFileSync(script, '#!/opt/no/python\n');
  chmodSync(script, 0o755);
  home.write(
    'jobs.toml',
    `[[jobs]]\nname = "job"\njob_command = "${script}"\n` + sleeper('tested', `test_command = "${script}"`),
  );
  const { stdout } = await home.overseer();
  const reason = `the interpreter of ${script} cannot be run: command not found: /opt/no/python`;
  expect(stdout).toContain(reason);
  expect((await home.overseer('why', 'job')).stdout.replaceAll('\n', ' ')).toContain(
    `It could not be started: ${reason}.`,
  );
  expect((await home.json('why', 'tested')) as object).toMatchObject({
    testDetail: `could not run: ${reason}`,
    status: { state: 'held' },
  });
});
