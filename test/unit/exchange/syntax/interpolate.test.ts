import { interpolate, knownVariables } from '../../../../src/exchange/syntax/interpolate.ts';
import { importOf } from '../../../support/exchange/import-of.ts';

test.each([
  ['${A}/$A', 'a/a', []],
  ['${EMPTY}|${EMPTY-x}|${EMPTY:-x}', '||x', []],
  ['${NONE-x}|${NONE:-x}|${NONE:-}', 'x|x|', []],
  ['${A:-x}|${A-x}', 'a|a', []],
  ['${A:+x}|${EMPTY:+x}|${EMPTY+x}|${NONE+x}', 'x||x|', []],
  ['${A:?no}|${A?no}|${EMPTY?no}', 'a|a|', []],
  ['${EMPTY:?no}|${NONE?no}', '${EMPTY:?no}|${NONE?no}', ['EMPTY', 'NONE']],
  ['$NONE.${NONE}', '.', ['NONE', 'NONE']],
  ['$$A $${A} $1 $', '$A ${A} $1 $', []],
])('compose fills in %j as %j', (text, filled, missing) => {
  const told: string[] = [];
  expect(interpolate(text, { A: 'a', EMPTY: '' }, (name) => told.push(name))).toBe(filled);
  expect(told).toEqual(missing);
});

test('a variable of the call comes before that of the .env, even an empty one', () => {
  const dotenv = 'A=file\nB=file\nC=file\n';
  expect(knownVariables(dotenv, { A: 'call', B: '' })).toEqual({ A: 'call', B: '', C: 'file' });
  expect(knownVariables('this is no variable\n', { A: 'call' })).toEqual({ A: 'call' });
});

test.each<[string, string]>([
  ['compose.yaml', 'services:\n  web:\n    command: [run]\n    environment: { SEEN: "$TAG $REST" }\n'],
  ['process-compose.yaml', 'processes:\n  web:\n    command: run\n    environment: ["SEEN=$TAG $REST"]\n'],
])('the import of %s fills in variables of the shell before those of the .env beside it', (name, text) => {
  const { toml } = importOf({ [name]: text }, { TAG: 'new' }, { '.env': 'TAG=old\nREST=rest\n' });
  expect(toml).toContain('SEEN = "new rest"');
});
