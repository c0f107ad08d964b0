import { renderProgress } from '../../../../src/cli/render/progress.ts';
import { plain } from '../../../support/sample-replies.ts';

test('progress is one line that fits', () => {
  const pending = ['web', 'db', 'a-long-name'].map((name) => ({ job: name, state: 'starting' as const }));
  expect(renderProgress('starting', { done: 3, of: 12, pending }, plain(80))).toBe(
    'starting 3 of 12: web, db, a-long-name',
  );
  expect(renderProgress('starting', { done: 3, of: 12, pending }, plain(30))).toBe(
    'starting 3 of 12: web, db, a…',
  );
});
