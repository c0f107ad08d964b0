import { contextOf, inverted, styled } from '../../../../src/cli/terminal/render-context.ts';
import { KeptOutput } from '../../../support/fake-cli.ts';

const terminal = new KeptOutput({ columns: 90 });

test.each<[boolean, string, KeptOutput, Readonly<Record<string, string>>, boolean]>([
  [true, 'on a terminal', terminal, {}, false],
  [false, 'in a file', new KeptOutput(), {}, false],
  [false, 'with NO_COLOR', terminal, { NO_COLOR: '1' }, false],
  [true, 'with an empty NO_COLOR', terminal, { NO_COLOR: '' }, false],
  [false, 'on a dumb terminal', terminal, { TERM: 'dumb' }, false],
  [false, 'with --no-color', terminal, {}, true],
])('it is %s that there are colours %s', (color, _, output, env, isPlain) => {
  expect(contextOf(output, { env, now: 5, isPlain })).toEqual({ columns: output.columns, color, now: 5 });
});

test('a text is painted where there are colours, and an empty one never', () => {
  const [colored, plain] = [{ color: true }, { color: false }];
  expect([styled('a', 'red', colored), styled('a', 'red', plain), styled('', 'red', colored)]).toEqual([
    '\u001b[31ma\u001b[0m',
    'a',
    '',
  ]);
  expect([styled('a', null, colored), inverted('a', colored), inverted('a', plain)]).toEqual([
    'a',
    '\u001b[7ma\u001b[0m',
    'a',
  ]);
});
