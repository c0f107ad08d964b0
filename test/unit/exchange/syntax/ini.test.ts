import { readIni } from '../../../../src/exchange/syntax/ini.ts';

/** The entries of the only section, as `key = value` with their lines. */
function entriesOf(dialect: 'supervisord' | 'systemd', ...lines: readonly string[]): readonly string[] {
  const { sections } = readIni(['[Service]', ...lines].join('\n'), dialect);
  return sections.flatMap(({ entries }) =>
    entries.map(({ key, value, line }) => `${line} ${key} = ${value}`),
  );
}

test.each(['# a comment', '; a comment', '  # a comment'])(
  'a value of systemd goes on beyond the line %j between its lines',
  (comment) => {
    const lines = ['ExecStart=/bin/web\\', comment, '  --port 80\\', comment, '  --quiet', 'Nice=5'];
    expect(entriesOf('systemd', ...lines)).toEqual([
      '2 ExecStart = /bin/web --port 80 --quiet',
      '7 Nice = 5',
    ]);
  },
);

test('a value of systemd ends at an empty line, although a backslash says that it goes on', () => {
  expect(entriesOf('systemd', 'ExecStart=/bin/web \\', '', 'Nice=5')).toEqual([
    '2 ExecStart = /bin/web',
    '4 Nice = 5',
  ]);
});

test('a value of supervisord goes on in indented lines, also beyond comments and empty lines', () => {
  const lines = [
    'command = web',
    '# a comment',
    '  --port 80',
    '',
    '; another',
    '  --quiet ; why',
    'x = 1;2',
  ];
  expect(entriesOf('supervisord', ...lines)).toEqual(['2 command = web\n--port 80\n--quiet', '8 x = 1;2']);
});

test('what is no section and no entry is a stray line, by the rules of each dialect', () => {
  const text = 'a=1\n [s] \nKey : x=y\nUpper= z \n[t\nplain\n=v\n';
  const { sections, strays } = readIni(text, 'systemd');
  expect(sections).toEqual([
    {
      name: 's',
      line: 2,
      entries: [
        { key: 'Key : x', value: 'y', line: 3 },
        { key: 'Upper', value: 'z', line: 4 },
      ],
    },
  ]);
  expect(strays.map(({ line, text: stray }) => `${line} ${stray}`)).toEqual([
    '1 a=1',
    '5 [t',
    '6 plain',
    '7 =v',
  ]);
  expect(readIni('[s]\nKey : x=y\nUpper= z # no\n', 'supervisord').sections[0]?.entries).toEqual([
    { key: 'key', value: 'x=y', line: 2 },
    { key: 'upper', value: 'z # no', line: 3 },
  ]);
});

test('an indented line goes on with nothing at the begin of a file or a section', () => {
  expect(readIni('  a=1\n[s]\n  b=2\n', 'supervisord')).toEqual({
    sections: [{ name: 's', line: 2, entries: [{ key: 'b', value: '2', line: 3 }] }],
    strays: [{ line: 1, text: 'a=1' }],
  });
});
