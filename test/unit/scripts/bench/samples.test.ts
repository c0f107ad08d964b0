import { gathered, joined } from '../../../../scripts/bench/samples.mjs';
import { resultsOf, row } from './results.ts';

test('samples of one peer, row and number of jobs come together in the order of the run', () => {
  const status = { peer: 'overseer', row: 'status', count: 10 };
  expect(
    gathered([
      { ...status, value: 2.00049, cpu: 1 },
      { ...status, peer: 'floor', value: 9 },
      { ...status, count: 100, value: 8 },
      { ...status, value: 1, cpu: 0.5 },
    ]),
  ).toEqual([
    { ...status, samples: [2, 1], cpu: [1, 0.5] },
    { ...status, peer: 'floor', samples: [9] },
    { ...status, count: 100, samples: [8] },
  ]);
});

test('what failed is kept with its reason, without a sample', () =>
  expect(gathered([{ peer: 'pm2', row: 'failed', count: 10, note: 'too slow' }])).toEqual([
    { peer: 'pm2', row: 'failed', count: 10, samples: [], note: 'too slow' },
  ]));

test('results of a second run add the rows and the peers that the first one lacks', () => {
  const before = resultsOf([row('overseer', 'stop', 10, [1]), row('runit', 'stop', 10, [2])]);
  const pm2 = { name: 'pm2', version: '7', notes: 'n', most: 100 };
  const after = resultsOf([row('pm2', 'stop', 10, [9]), row('runit', 'stop', 10, [3])], {
    date: 'later',
    peers: [pm2],
  });
  expect(joined(before, after)).toEqual({
    ...before,
    peers: [...before.peers, pm2],
    rows: [...before.rows, after.rows[0]],
  });
});
