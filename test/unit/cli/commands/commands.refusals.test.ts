import { answering, run } from '../../../support/fake-cli.ts';
import { JOBS, statusOf } from '../../../support/sample-replies.ts';

const world = () => answering(statusOf(...JOBS));

test.each([
  ['edit', 'edit needs a terminal; `overseer check` and `overseer plan` do not'],
  ['top', 'top draws on a terminal; `overseer status` prints the jobs, with --usage what they use'],
  ['top --json', 'top draws on a terminal; `overseer status` prints the jobs, with --usage what they use'],
  ['inspect --stately --local', 'say --stately or --local, not both'],
  ['inspect --port x', '--port wants a number from 0 to 65535, not x'],
  ['web --port 70000', '--port wants a number from 0 to 65535, not 70000'],
  ['autostart enabel', 'autostart wants enable, disable, status, not enabel: did you mean "enable"?'],
  ['autostart disable --path /x', '--path is for enable'],
])('`overseer %s` is refused: %s', async (words, said) => {
  const outcome = await run(words, world());
  const [text, out] = words.includes('--json') ? [outcome.out, ''] : [outcome.err, outcome.out];
  expect([outcome.code, out]).toEqual([64, '']);
  expect(text).toContain(words.includes('--json') ? JSON.stringify(said).slice(1, -1) : said);
});
