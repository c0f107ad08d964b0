import { graphOf } from '../../../src/chart/graph.ts';
import { toJson } from '../../../src/chart/json.ts';
import { toText } from '../../../src/chart/text.ts';
import { SMALL_CHART } from '../../support/small-chart.ts';

test('the outline of a chart has each state with its actions, and below it its transitions', () => {
  expect(toText(graphOf(SMALL_CHART))).toBe(`door
  lock
    Open (initial) / entry greet, exit leave, exit note
      Close [isReady] → lock.Shut / note  D-1
      Close → lock.Gone  refined
      Ring / note  D-2
    Shut
      after patience → lock.Open  D-3
      Loose (initial)
        Turn [isCurrentRun] → lock.Shut.Tight
      Tight
    Gone (final)
  light
    Off (initial)
      always [isReady] → light.On
    On
`);
});

test('the JSON of a chart is the chart', () => {
  const text = toJson(SMALL_CHART);
  expect([JSON.parse(text), text.endsWith('}\n'), text.startsWith('{\n  "id": "door"')]).toEqual([
    JSON.parse(JSON.stringify(SMALL_CHART.config)),
    true,
    true,
  ]);
});
