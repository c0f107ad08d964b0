import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { answering, KeptOutput, run } from '../../../../support/fake-cli.ts';
import { HOMES } from '../../../../support/fake-client.ts';
import { newFolder } from '../../../../support/new-folder.ts';
import { answer } from '../../../../support/sample-replies.ts';
import { until } from '../../../../support/until.ts';

const stdin = process.stdin;
const given = (value: unknown): void =>
  void Object.defineProperty(process, 'stdin', { value, configurable: true });
afterEach(() => given(stdin));

test('an attached terminal wants one job, and a number of lines', async () => {
  const said = async (words: string, jobs: readonly string[] = []): Promise<string> => {
    const inputs = jobs.map((job) => ({ job, path: '/x' }));
    const { code, err } = await run(`attach ${words}`, answering(answer({ inputs })));
    return `${code} ${err.split('\n')[0]}`;
  };
  expect([await said(''), await said('web -n some'), await said('web', ['web@1', 'web@2'])]).toEqual([
    '64 overseer: attach to which job? As in `overseer attach repl`',
    '64 overseer: -n wants a number of lines, not some',
    '64 overseer: web means 2 jobs: name one, as in `overseer attach web@1`',
  ]);
});

/** An attached terminal of a job that has printed three lines, and what is typed there. */
function attached(words: string) {
  const data = newFolder();
  mkdirSync(join(data, 'logs'));
  writeFileSync(join(data, 'logs', 'web.log'), 'one\ntwo\nthree\n');
  const keys = new PassThrough();
  given(keys);
  const [out, err, interrupted] = [new KeptOutput(), new KeptOutput(), new AbortController()];
  const inputs = [{ job: 'web', path: join(data, 'no-fifo') }];
  const outcome = run(`attach web ${words}`, answering(answer({ inputs })), {
    homes: { ...HOMES, data },
    out,
    err,
    interruption: () => interrupted.signal,
  });
  return { keys, out, err, interrupted, outcome };
}

test('an attached terminal follows the log, and Ctrl-] leaves', async () => {
  const { keys, out, outcome } = attached('-n 2');
  await until(() => out.text === 'two\nthree\n');
  keys.write('\u001d');
  expect([(await outcome).code, out.text]).toEqual([0, 'two\nthree\n']);
});

test('what cannot be sent is said, and the log is followed until a signal comes', async () => {
  const { keys, out, err, interrupted, outcome } = attached('');
  await until(() => out.text === 'one\ntwo\nthree\n');
  keys.write('hello\n');
  await until(() => err.text !== '');
  expect(err.text).toMatch(/^overseer: web[^]*\n$/);
  interrupted.abort();
  expect((await outcome).code).toBe(0);
});
