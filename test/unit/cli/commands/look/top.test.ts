import { answering, KeptOutput, run, type Outcome } from '../../../../support/fake-cli.ts';
import { refusal } from '../../../../support/sample-replies.ts';

const { isTTY } = process.stdin;
afterEach(() => void Object.defineProperty(process.stdin, 'isTTY', { value: isTTY, configurable: true }));

/** `top` on a terminal. */
function top(words: string, reply: Parameters<typeof answering>[0], env = {}): Promise<Outcome> {
  Object.defineProperty(process.stdin, 'isTTY', { value: true, configurable: true });
  return run(`top ${words}`, answering(reply), { out: new KeptOutput({ columns: 80 }), env });
}

test('top says where no daemon runs, or why it does not answer, and draws nothing', async () => {
  expect(await top('', null)).toMatchObject({
    code: 3,
    err: 'overseer: no daemon is running; `overseer` starts one\n',
  });
  expect(await top('', refusal('shutting-down'))).toMatchObject({ code: 1 });
});

test('top is refused on a terminal that cannot be drawn on, and as JSON', async () => {
  expect([(await top('', null, { TERM: 'dumb' })).code, (await top('--json', null)).code]).toEqual([64, 64]);
});
