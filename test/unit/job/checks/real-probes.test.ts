import type { ProbeDone } from '../../../../src/job/ports.ts';
import { realProbes } from '../../../../src/job/checks/real-probes.ts';

describe('a probe', () => {
  const answerOf = (begin: (done: ProbeDone) => unknown): Promise<unknown> =>
    new Promise((resolve) => void begin(resolve));

  it.each([
    'http://u:100%@127.0.0.1:1/',
    'http://',
    'nonsense',
    'http://127.0.0.1:0/',
    'http://127.0.0.1:99999/',
  ])('a request that cannot be made is a failed try: %s', async (url) => {
    expect(await answerOf((done) => realProbes.request(url, done))).toEqual(expect.any(String));
  });

  it.each([
    { host: '127.0.0.1', port: 99_999 },
    { host: '127.0.0.1', port: 0 },
    { host: '\ud800', port: 1 },
    { host: 'a'.repeat(100_000), port: 1 },
  ])('a connection that cannot even be tried counts as a failed probe', async (to) => {
    expect(await answerOf((done) => realProbes.connect(to, done))).toEqual(expect.any(String));
  });
});
