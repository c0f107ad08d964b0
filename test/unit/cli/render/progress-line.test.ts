import { ProgressLine } from '../../../../src/cli/render/progress-line.ts';
import { KeptOutput } from '../../../support/fake-cli.ts';
import { plain } from '../../../support/sample-replies.ts';

const ERASE = '\r\u001b[K';
const lineOn = (err: KeptOutput): ProgressLine => new ProgressLine(err, plain(80), 'starting');
const progress = { done: 1, of: 2, pending: [] };

test('progress on a terminal is drawn over the line before, and erased once at the end', async () => {
  const err = new KeptOutput({ columns: 80 });
  const line = lineOn(err);
  line.show(progress);
  line.say('still there');
  await line.erase();
  await line.erase();
  expect(err.text).toBe(`${ERASE}starting 1 of 2${ERASE}still there${ERASE}`);
});

test('where no progress was shown nothing is erased', async () => {
  const err = new KeptOutput({ columns: 80 });
  await lineOn(err).erase();
  expect(err.text).toBe('');
});

test('progress is printed nowhere but on a terminal', async () => {
  const err = new KeptOutput();
  const line = lineOn(err);
  line.show(progress);
  await line.erase();
  expect(err.text).toBe('');
});
