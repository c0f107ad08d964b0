import { BOUNDS } from '../support/composition/bounds.ts';
import { Composed } from '../support/composition/composed.ts';
import { counterExample, GAPS } from '../support/composition/gaps.ts';
import { problemOf } from '../support/composition/rules.ts';
import { explored } from '../support/composition/scenario.ts';
import { storyInWords } from '../support/composition/story.ts';
import { violationOf } from '../support/composition/violation.ts';

describe('two clients, one data folder, and what goes wrong at any step', () => {
  const untaken: (readonly string[])[] = [];

  test.each(BOUNDS)(
    '$asked, $faults faults: no deadlock or loop, one daemon owns the folder, each client ends',
    ({ counts, ...scenario }) => {
      const composed = new Composed(null);
      const model = explored(composed, scenario, (world) => problemOf(world) !== null);
      untaken.push([...composed.client.untaken, ...composed.daemon.untaken]);
      expect(violationOf(model)).toBeNull();
      const daemons = model.states.reduce((most, world) => Math.max(most, world.daemons.length), 0);
      expect({ states: model.states.length, edges: model.edges.length, daemons }).toEqual(counts);
    },
  );

  test('every arrow of both charts is taken in one of them', () => {
    expect(untaken).toHaveLength(BOUNDS.length);
    expect(untaken.reduce((common, each) => common.filter((id) => each.includes(id)))).toEqual([]);
  });
});

describe('the specification taken literally', () => {
  test.each(GAPS)('the specification taken literally goes wrong: $gap', (gapCase) => {
    expect(counterExample(gapCase)?.rule).toBe(gapCase.breaks);
  });

  test.each(GAPS)(
    'with the refinement of the specification the same beginning goes well: $gap',
    ({ scenario }) => {
      expect(violationOf(explored(new Composed(null), scenario))).toBeNull();
    },
  );
});

test('a story of the composed charts says once what comes true again and again', () => {
  const again = [2, 3, 4].flatMap((number) => [`A launches daemon ${number}.`, 'It ends.']);
  expect(storyInWords(['It begins.', ...again, 'A gives up.'])).toEqual([
    '1. It begins.',
    '2. A launches daemon 2.',
    '3. It ends.',
    '4. The last 2 sentences come true 2 times more, with other daemons.',
    '5. A gives up.',
  ]);
});
