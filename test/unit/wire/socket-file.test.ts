import { formatSocketFile, parseSocketFile, type SocketFile } from '../../../src/wire/socket-file.ts';

describe('socket file', () => {
  const file: SocketFile = {
    version: 1,
    host: '127.0.0.1',
    port: 50123,
    pid: 4000,
    token: 'ab'.repeat(32),
    instance: '01'.repeat(16),
  };

  /** Exactly the five keys of contract.md. */
  const written = {
    version: 1,
    host: '127.0.0.1',
    port: 50123,
    pid: 4000,
    token: `${'ab'.repeat(32)}.${'01'.repeat(16)}`,
  };

  test('a socket file reads back as it was written', () => {
    expect(formatSocketFile(file)).toBe(`${JSON.stringify(written)}\n`);
    expect(parseSocketFile(formatSocketFile(file))).toEqual(file);
    expect(parseSocketFile(JSON.stringify({ ...written, later: 1 }))).toEqual(file);
    for (const [key, most] of [
      ['port', 65_535],
      ['pid', 2 ** 31 - 1],
      ['version', 2 ** 53 - 1],
    ] as const)
      expect(parseSocketFile(JSON.stringify({ ...written, [key]: most }))).toEqual({ ...file, [key]: most });
  });

  test.each<[string, unknown]>([
    ['host', 'localhost'],
    ['host', '0.0.0.0'],
    ['host', '::1'],
    ['port', 0],
    ['port', 65_536],
    ['port', 1.5],
    ['port', '50123'],
    ['pid', 0],
    ['pid', -4000],
    ['pid', 2 ** 31],
    ['token', undefined],
    ['token', 7],
    ['token', 'ab'],
    ['token', 'ab'.repeat(32)],
    ['token', `${'ab'.repeat(32)}.`],
    ['token', `${'ab'.repeat(32)}.x`],
    ['token', `.${'01'.repeat(16)}`],
    ['token', `${'AB'.repeat(32)}.${'01'.repeat(16)}`],
    ['token', `${'zz'.repeat(32)}.${'01'.repeat(16)}`],
    ['token', `${'ab'.repeat(32)}.${'01'.repeat(16)}\n`],
    ['token', `${'ab'.repeat(32)}.${'01'.repeat(16)}.${'01'.repeat(16)}`],
    ['version', 0],
    ['token', 'ab.cd'],
    ['pid', 2 ** 31 + 0.5],
    ['version', '1'],
  ])('a file whose %s is %j is no socket file', (key, value) => {
    expect(parseSocketFile(JSON.stringify({ ...written, [key]: value }))).toBeNull();
  });

  test.each([
    '',
    '{',
    'null',
    '[]',
    '7',
    '{"version":1,"host":"127.0.0.1"',
    `{"__proto__":${JSON.stringify(written)}}`,
  ])('%j is no socket file', (text) => {
    expect(parseSocketFile(text)).toBeNull();
  });
});
