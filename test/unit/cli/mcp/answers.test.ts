import { answer, answered } from '../../../../src/cli/mcp/answers.ts';
import { OverseerError } from '../../../../src/library/errors.ts';

const textOf = ({ content }: ReturnType<typeof answer>): string =>
  content.map((each) => ('text' in each ? each.text : '')).join();

test('an answer tells what may be done next, where there is something', () => {
  expect([textOf(answer('done \n\n')), textOf(answer('done', 'rest.'))]).toEqual([
    'done',
    'done\n\nNext: rest.',
  ]);
});

test('the middle of an answer that is too long is left out, and how much that is', () => {
  const whole = 'x'.repeat(24_000);
  expect(textOf(answer(whole))).toBe(whole);
  const long = textOf(answer(`a${'x'.repeat(24_098)}z`));
  expect(long).toContain('\n… 100 characters left out; ask for fewer jobs or lines …\n');
  expect([long.length < 24_100, long.startsWith('ax'), long.endsWith('xz')]).toEqual([true, true, true]);
});

test('an error of overseer is an answer with what to do about it, and a bug is thrown', async () => {
  const failing = (error: Error) => answered(() => Promise.reject(error));
  const stuck = await failing(new OverseerError('stuck', 'web is failed'));
  expect([textOf(stuck), stuck.isError]).toEqual([
    'stuck: web is failed\n\nNext: `why` says what is in the way.',
    true,
  ]);
  expect(textOf(await failing(new OverseerError('homes', 'no folder')))).toBe('homes: no folder');
  await expect(failing(new TypeError('odd'))).rejects.toThrow('odd');
});
