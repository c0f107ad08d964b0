import { displayWidth } from '../../../../src/text/display-width.ts';
import { EventLines } from '../../../../src/cli/render/events.ts';
import { nameColumnOf } from '../../../../src/cli/logs/sinks.ts';
import { plain, before } from '../../../support/sample-replies.ts';

test('names before lines take no more than their share of the page', () => {
  const long = 'a-name-as-long-as-a-name-may-be-which-is-sixty-four-letters-lo@1';
  expect(nameColumnOf(['web', long], plain(80))(long)).toBe('a-name-as-long-a…rs-lo@1');
  expect(nameColumnOf(['web', long], plain(Infinity))('web')).toBe('web'.padEnd(64));
  // On a very narrow page a name can still be read, and short names take no more than they need.
  expect(nameColumnOf(['web', long], plain(20))(long)).toHaveLength(12);
  expect(nameColumnOf(['web', 'api'], plain(20))('web')).toBe('web');
  const transition = {
    at: before(0),
    machine: 'job',
    id: long,
    job: long,
    event: 'Spawned',
    from: 'child.Down',
    to: 'child.Running',
    detail: '',
  } as const;
  const line = new EventLines(plain(80)).line(transition);
  expect(displayWidth(line.trimEnd())).toBeLessThanOrEqual(80);
  expect(line).toMatch(/started$/m);
});
