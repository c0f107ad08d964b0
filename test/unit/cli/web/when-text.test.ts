import { whenText } from '../../../../src/cli/web/when-text.ts';
import { NOW, webJob } from '../top/web-jobs.ts';

const at = (ms: number): string => new Date(NOW + ms).toISOString();

test('the time of a job is how long it is up, or how long it is until its start', () => {
  expect([
    whenText(webJob('web'), NOW),
    whenText(webJob('web', { nextStartAt: at(4_000) }), NOW),
    whenText(webJob('web', { state: 'backoff', nextStartAt: at(4_000) }), NOW),
  ]).toEqual(['1m 5s', '1m 5s', 'in 4s']);
});

test('a job that has ended and starts no more has no time, though its last start is known', () => {
  const ended = webJob('web', { state: 'finished', pid: null, startedAt: at(-65_000) });
  expect([whenText(ended, NOW), whenText({ ...ended, nextStartAt: at(4_000) }, NOW)]).toEqual(['', 'in 4s']);
});
