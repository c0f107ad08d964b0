import { Import } from '../../../../src/exchange/draft.ts';
import { readYaml } from '../../../../src/exchange/import/yaml.ts';

const read = (text: string, file = '/a.yaml') => {
  const into = new Import();
  return { reading: readYaml({ file, text }, into), remarks: into.remarks };
};

test('each key of a YAML file is known with its line, also one that was merged in', () => {
  const { reading } = read('x: &x\n  a: 1\ny:\n  <<: *x\n  b:\n    - c: 2\n    - d\n');
  const lineOf = (...path: readonly (string | number)[]): number | undefined => reading?.lineOf(path);
  expect([
    lineOf('x'),
    lineOf('x', 'a'),
    lineOf('y'),
    lineOf('y', 'a'),
    lineOf('y', 'b'),
    lineOf('y', 'b', 0, 'c'),
    lineOf('y', 'b', 1),
    lineOf('gone'),
    lineOf('y', 'gone', 'deep'),
  ]).toEqual([1, 2, 3, 2, 5, 6, 7, 1, 1]);
  expect(reading?.spot('y', 'b')).toEqual({ file: '/a.yaml', line: 5 });
});

test('JSON may have comments, and its lines stay those of the file', () => {
  const text = '{ // one\n /* two\n three */ "a": "http://x", // y\n "b": "/* no */"\n}';
  const { reading, remarks } = read(text, '/a.json');
  expect([reading?.value, reading?.lineOf(['b']), remarks]).toEqual([
    { a: 'http://x', b: '/* no */' },
    4,
    [],
  ]);
});

test('what is wrong in a YAML file is told with its line', () => {
  expect(read('a: 1\nb: [\n')).toMatchObject({ reading: null, remarks: [{ file: '/a.yaml', line: 3 }] });
  expect(read('a: 1\n---\nb: 2\n').remarks).toEqual([
    {
      file: '/a.yaml',
      line: 2,
      message: 'the file has several documents: import each from a file of its own',
    },
  ]);
  expect(read('a: 1\nb: !odd 2\n')).toMatchObject({
    reading: { value: { a: 1 } },
    remarks: [{ line: 2, message: expect.stringContaining('Unresolved tag') }],
  });
});
