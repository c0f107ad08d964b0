import { graphOf } from '../../../src/chart/graph.ts';
import { toMermaid, type MermaidOptions } from '../../../src/chart/mermaid.ts';
import { SMALL_CHART } from '../../support/small-chart.ts';

const lines = (options: MermaidOptions = {}): readonly string[] =>
  toMermaid(graphOf(SMALL_CHART), options).split('\n');

test('a chart of regions is one state in Mermaid, with everything in it', () => {
  expect(lines()).toEqual([
    'stateDiagram-v2',
    '  state "door" as door {',
    '    state "lock" as door_lock {',
    '      [*] --> door_lock_Open',
    '      state "Open" as door_lock_Open',
    '      door_lock_Open : entry / greet',
    '      door_lock_Open : exit / leave, note',
    '      state "Shut" as door_lock_Shut {',
    '        [*] --> door_lock_Shut_Loose',
    '        state "Loose" as door_lock_Shut_Loose',
    '        state "Tight" as door_lock_Shut_Tight',
    '      }',
    '      state "Gone" as door_lock_Gone',
    '      door_lock_Gone --> [*]',
    '    }',
    '    --',
    '    state "light" as door_light {',
    '      [*] --> door_light_Off',
    '      state "Off" as door_light_Off',
    '      state "On" as door_light_On',
    '    }',
    '  }',
    '  door_lock_Open --> door_lock_Shut : Close [isReady] / note',
    '  door_lock_Open --> door_lock_Gone : Close',
    '  door_lock_Open --> door_lock_Open : Ring / note',
    '  door_lock_Shut --> door_lock_Open : after patience',
    '  door_lock_Shut_Loose --> door_lock_Shut_Tight : Turn [isCurrentRun]',
    '  door_light_Off --> door_light_On : always [isReady]',
    '',
  ]);
});

test('a picture of few words leaves out deeds, internal transitions and most guards', () => {
  expect(lines({ guards: false, actions: false, internal: false, merge: true }).slice(-7)).toEqual([
    '  }',
    '  door_lock_Open --> door_lock_Shut : Close [is ready]',
    '  door_lock_Open --> door_lock_Gone : Close',
    '  door_lock_Shut --> door_lock_Open : after patience',
    '  door_lock_Shut_Loose --> door_lock_Shut_Tight : Turn',
    '  door_light_Off --> door_light_On : is ready',
    '',
  ]);
});

test('a region is drawn alone, and states only as deep as asked', () => {
  expect(lines({ region: 'lock', depth: 1 })).toEqual([
    'stateDiagram-v2',
    '  [*] --> door_lock_Open',
    '  state "Open" as door_lock_Open',
    '  door_lock_Open : entry / greet',
    '  door_lock_Open : exit / leave, note',
    '  state "Shut" as door_lock_Shut',
    '  state "Gone" as door_lock_Gone',
    '  door_lock_Gone --> [*]',
    '  door_lock_Open --> door_lock_Shut : Close [isReady] / note',
    '  door_lock_Open --> door_lock_Gone : Close',
    '  door_lock_Shut --> door_lock_Open : after patience',
    '',
  ]);
  expect(lines({ depth: 1, merge: true })).toEqual([
    'stateDiagram-v2',
    '  state "door" as door {',
    '    state "lock" as door_lock',
    '    --',
    '    state "light" as door_light',
    '  }',
    '',
  ]);
  expect(() => lines({ region: 'none' })).toThrow('chart door has no region none');
});

test('arrows between the same two states share a line where they are merged', () => {
  const graph = graphOf(SMALL_CHART);
  const [first] = graph.edges;
  const more = {
    ...graph,
    edges: [...graph.edges, { ...first!, id: 'x', name: 'Slam; #1', guard: null, actions: [] }],
  };
  const text = toMermaid(more, { merge: true, actions: false });
  expect(text).toContain('  door_lock_Open --> door_lock_Shut : Close [isReady], Slam#59; #35;1\n');
});
