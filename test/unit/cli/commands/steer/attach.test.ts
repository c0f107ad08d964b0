import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { answering, KeptOutput, run } from '../../../../support/fake-cli.ts';
import { HOMES } from '../../../../support/fake-client.ts';
import { newFolder } from '../../../../support/new-folder.ts';
import { answer } from '../../../../support/sample-replies.ts';
import { until } from '../../../../support/until.ts';

const own = { stdin: process.stdin, stdout: process.stdout };
const given = (name: 'stdin' | 'stdout', value: unknown): void =>
  void Object.defineProperty(process, name, { value, configurable: true });
afterEach(() => {
  given('stdin', own.stdin);
  given('stdout', own.stdout);
});

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
function attached(words: string, { keys, out } = { keys: new PassThrough(), out: new KeptOutput() }) {
  const data = newFolder();
  mkdirSync(join(data, 'logs'));
  writeFileSync(join(data, 'logs', 'web.log'), 'one\ntwo\nthree\n');
  given('stdin', keys);
  given('stdout', new PassThrough().resume());
  const [err, interrupted] = [new KeptOutput(), new AbortController()];
  const heard: string[] = [];
  const inputs = [{ job: 'web', path: join(data, 'no-fifo') }];
  const outcome = run(`attach web ${words}`, answering(answer({ inputs })), {
    homes: { ...HOMES, data },
    out,
    err,
    interruption: (...signals) => (heard.push(...signals), interrupted.signal),
  });
  return { keys, out, err, interrupted, heard, outcome };
}

test('attach follows the log, and a Ctrl-] in its input leaves and closes it', async () => {
  const { keys, out, heard, outcome } = attached('-n 2');
  // Each of them leaves and restores the terminal, instead of ending the process.
  await until(() => heard.length > 0);
  expect(heard).toEqual(['SIGINT', 'SIGTERM', 'SIGHUP']);
  await until(() => out.text === 'two\nthree\n');
  keys.write('\u001d');
  expect([(await outcome).code, out.text, keys.destroyed]).toEqual([0, 'two\nthree\n', true]);
});

test('the terminal is raw while attached, and restored after Ctrl-]', async () => {
  const modes: boolean[] = [];
  const setRawMode = (isRaw: boolean): void => void modes.push(isRaw);
  const keys = Object.assign(new PassThrough(), { isTTY: true, setRawMode });
  const { out, err, outcome } = attached('-n 1', { keys, out: new KeptOutput({ columns: 80 }) });
  await until(() => out.text.includes('three\n'));
  expect([modes, err.text]).toEqual([[true], 'attached to web; Ctrl-] leaves\n']);
  keys.write('\u001d');
  expect((await outcome).code).toBe(0);
  expect([modes, keys.isPaused(), keys.listenerCount('keypress')]).toEqual([[true, false], true, 0]);
  expect(out.text).toMatch(/three\n\n$/);
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

test('bytes that cannot be sent any more when somebody leaves are not complained about', async () => {
  const { keys, out, err, interrupted, outcome } = attached('');
  await until(() => out.text !== '');
  interrupted.abort();
  keys.write('late\n');
  expect([(await outcome).code, err.text]).toEqual([0, '']);
});

test('from a pipe attach says nothing of its own, even where its output is a terminal', async () => {
  const { keys, out, err, outcome } = attached('', {
    keys: new PassThrough(),
    out: new KeptOutput({ columns: 80 }),
  });
  await until(() => out.text !== '');
  keys.write('\u001d');
  expect([(await outcome).code, out.text, err.text]).toEqual([0, 'one\ntwo\nthree\n', '']);
  const piped = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => undefined });
  const other = attached('', { keys: piped, out: new KeptOutput() });
  await until(() => other.out.text !== '');
  piped.write('\u001d');
  expect([(await other.outcome).code, other.out.text, other.err.text]).toEqual([0, 'one\ntwo\nthree\n', '']);
});
