import parse from 'parse-prometheus-text-format';
import { Home } from './support/home.ts';

let home: Home;
beforeEach(() => {
  home = new Home();
});
afterEach(() => home.dispose());

/** The values of one metric by their labels. */
function valuesOf(text: string, name: string): Readonly<Record<string, number>> {
  const found = parse(text).find((metric) => metric.name === name)?.metrics ?? [];
  return Object.fromEntries(
    found.map(({ labels = {}, value }) => [Object.values(labels).join(' '), Number(value)]),
  );
}

test('T-405 metrics tells each job, its state, its restarts and its last exit as Prometheus reads them', async () => {
  home.write(
    'a.toml',
    [
      '[[jobs]]\nname = "web"\njob_command = "sleep 1000"\ninstances = 2\nstart_seconds = 0\n',
      '[[jobs]]\nname = "once"\njob_command = { exe = "sh", args = ["-c", "echo hello; exit 3"] }\nrestart = "never"\n',
    ].join('\n'),
  );
  await home.apply();
  const { code, stdout } = await home.overseer('metrics');
  expect(code).toBe(0);
  expect(valuesOf(stdout, 'overseer_up')).toEqual({ '': 1 });
  expect(valuesOf(stdout, 'overseer_job_up')).toEqual({ once: 0, 'web@1 web': 1, 'web@2 web': 1 });
  expect(valuesOf(stdout, 'overseer_jobs')).toMatchObject({ running: 2, failed: 1, held: 0 });
  expect(valuesOf(stdout, 'overseer_job_last_exit_code')).toEqual({ once: 3 });
  expect(valuesOf(stdout, 'overseer_job_log_bytes')).toMatchObject({ once: 'hello\n'.length });
  expect(valuesOf(stdout, 'overseer_job_state')).toMatchObject({ 'once failed': 1, 'once running': 0 });
});

test('metrics without a daemon exits with 3, prints nothing and starts none', async () => {
  expect(await home.overseer('metrics')).toMatchObject({ code: 3, stdout: '' });
});
