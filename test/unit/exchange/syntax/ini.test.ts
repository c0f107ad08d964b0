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
