import parse from 'parse-prometheus-text-format';
import { exposition, type Metric } from '../../../../src/cli/metrics/exposition.ts';

const metric = (more: Partial<Metric>): Metric => ({
  name: 'overseer_x',
  type: 'gauge',
  help: 'Of x.',
  samples: [{ labels: {}, value: 1 }],
  ...more,
});

test('another parser reads back everything that was written, odd characters included', () => {
  const labels = { name: 'a"b\\c\nd', state: 'running' };
  const text = exposition([
    metric({ help: 'A \\ and\na line.' }),
    metric({ name: 'overseer_y_total', type: 'counter', samples: [{ labels, value: 0.5 }] }),
  ]);
  expect(text).toBe(
    '# HELP overseer_x A \\\\ and\\na line.\n# TYPE overseer_x gauge\noverseer_x 1\n' +
      '# HELP overseer_y_total Of x.\n# TYPE overseer_y_total counter\noverseer_y_total{name="a\\"b\\\\c\\nd",state="running"} 0.5\n',
  );
  expect(parse(text)).toEqual([
    { name: 'overseer_x', type: 'GAUGE', help: 'A \\ and\na line.', metrics: [{ value: '1' }] },
    { name: 'overseer_y_total', type: 'COUNTER', help: 'Of x.', metrics: [{ labels, value: '0.5' }] },
  ]);
});

test('a metric without samples is left out', () => {
  expect(exposition([metric({ samples: [] })])).toBe('');
});
