import { COMMANDS } from '../../../../src/cli/commands/commands.ts';
import { answering, KeptOutput, run } from '../../../support/fake-cli.ts';
import { fakeWorld, HOMES } from '../../../support/fake-client.ts';
import { newFolder } from '../../../support/new-folder.ts';
import { answer, REPORT, statusOf } from '../../../support/sample-replies.ts';

/** An output whose disk is full. */
class FullOutput extends KeptOutput {
  override readonly trouble = 'no space left on device' as never;
}

test('a command that cannot write its output fails, and says so on stderr', async () => {
  const [out, err] = [new FullOutput(), new KeptOutput()];
  const { code } = await run('status', answering(statusOf()), { out, err });
  expect([code, err.text]).toEqual([1, 'overseer: cannot write the output: no space left on device\n']);
  // A command that fails anyway says so too.
  expect((await run('status', answering(null), { out, err })).code).toBe(1);
});

test('help is 80 columns wide in a file, and as wide as the terminal, up to 100', async () => {
  const widest = (text: string): number => Math.max(...text.split('\n').map(({ length }) => length));
  const onTerminal = async (columns: number): Promise<number> => {
    const out = new KeptOutput({ columns });
    await run('--help', fakeWorld(), { out });
    return widest(out.text);
  };
  const { out } = await run('--help', fakeWorld());
  expect([widest(out) <= 80, widest(out) > 70]).toEqual([true, true]);
  const [narrow, wide] = [await onTerminal(60), await onTerminal(300)];
  expect([narrow <= 60, wide <= 100, wide > 80]).toEqual([true, true, true]);
});

test('wrong usage points to the help of its command, or of overseer if there is no command', async () => {
  const hint = async (line: string): Promise<string | undefined> =>
    (await run(line, fakeWorld())).err.split('\n').at(-2);
  expect([
    await hint('stop'),
    await hint('status --nope'),
    await hint('nonsense'),
    await hint('--nope'),
  ]).toEqual([
    'Try `overseer stop --help`.',
    'Try `overseer status --help`.',
    'Try `overseer --help`.',
    'Try `overseer --help`.',
  ]);
  const hidden = COMMANDS.filter(({ about }) => about === null).map(({ words }) => words.split(' ')[0]);
  for (const name of hidden)
    expect((await run(`${name} --nope`, fakeWorld())).err).not.toContain(`overseer ${name} --help`);
});

test('a project without a config is refused, unless --config names another or its daemon runs', async () => {
  const folder = newFolder();
  const words = `--project=${folder}`;
  expect((await run(`status ${words}`, fakeWorld())).code).toBe(78);
  expect((await run(`status ${words}`, answering(statusOf()))).code).toBe(0);
  const json = await run(`status ${words} --json`, fakeWorld());
  expect(JSON.parse(json.out)).toMatchObject({ jobs: [], error: { code: 'no-config' } });
  const named = await run(`status --config ${folder}/x.toml`, fakeWorld(), {
    env: { OVERSEER_PROJECT: folder },
  });
  expect([named.code, named.err]).toEqual([3, expect.not.stringContaining('no overseer.toml')]);
});

test('a C locale makes reports ASCII, but leaves JSON and pictures as they are', async () => {
  const env = { LC_ALL: 'C' };
  const graph = await run('machines client --format dot', fakeWorld(), { env, homes: HOMES });
  expect(graph.out).toBe((await run('machines client --format dot', fakeWorld())).out);
  expect((await run('apply', answering(answer(REPORT)), { env })).out).toMatch(/^[\n -~]*$/);
});

test('a C locale makes messages ASCII too', async () => {
  const refused = { kind: 'refusal', refusal: { code: 'degraded', message: 'web → db' } } as const;
  expect(await run('status', answering(refused), { env: { LC_ALL: 'C' } })).toEqual({
    code: 1,
    out: '',
    err: 'overseer: web -> db\n',
  });
});

test('OVERSEER_DEBUG prints the steps of the client to stderr, unless it is empty', async () => {
  const stepsOf = async (value: string): Promise<readonly string[]> => {
    const { err } = await run('status', answering(statusOf()), { env: { OVERSEER_DEBUG: value } });
    return err.split('\n').filter((line) => line !== '');
  };
  const steps = await stepsOf('1');
  expect(steps.length).toBeGreaterThan(3);
  expect(steps).toEqual(steps.map(() => expect.stringMatching(/^client \S+ \S+ -> \S+$/)));
  expect(await stepsOf('')).toEqual([]);
});
