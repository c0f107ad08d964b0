import { createRequire } from 'node:module';
import { parsePs, parseCommands } from '../../../src/os/darwin/parse-ps.ts';
import { parseWriters } from '../../../src/os/darwin/parse-lsof.ts';

interface Tools {
  kindOf(file: string, words: readonly string[]): string;
  lsof(words: readonly string[], holders: (files: readonly string[]) => readonly unknown[]): Printed;
  ps(words: readonly string[], processes: () => readonly unknown[]): Printed;
  scutil(hasNetwork: boolean): Printed;
  vis(bytes: Buffer): string;
}

interface Printed {
  readonly code: number;
  readonly stdout: string;
  readonly complaint: string;
}

const tools = createRequire(import.meta.url)('../../support/darwin/tools.cjs') as Tools;

const words = (...all: readonly string[]): Buffer => Buffer.from(all.map((word) => `${word}\0`).join(''));
const ONE = {
  pid: 501,
  ppid: 1,
  pgid: 501,
  sid: 501,
  state: 'S',
  startMs: Date.UTC(2026, 10, 3, 9, 5, 1),
  args: words('node', 'a b.js'),
  environment: words('HOME=/Users/é', 'X=a\tb\nc'),
};
const TWO = { ...ONE, pid: 99_999, ppid: 501, sid: 1, state: 'Z' };
const ps = (...asked: readonly string[]): Printed => tools.ps(asked, () => [ONE, TWO]);

const COLUMNS = 'pid=,ppid=,pgid=,stat=,lstart=';

test('ps prints numbers to the right, words to the left, and no headings', () => {
  expect(ps('-A', '-o', COLUMNS).stdout).toBe(
    '  501     1   501 Ss   Tue Nov  3 09:05:01 2026    \n' +
      '99999   501   501 Z    Tue Nov  3 09:05:01 2026    \n',
  );
});

test('ps prints the command last, with the environment if asked, bytes beyond ASCII as words', () => {
  const { stdout } = ps('-A', '-E', '-ww', '-o', `${COLUMNS},command=`);
  expect(stdout.split('\n')[0]).toBe(
    String.raw`  501     1   501 Ss   Tue Nov  3 09:05:01 2026     node a b.js HOME=/Users/M-CM-) X=a\011b\012c`,
  );
  expect(stdout.split('\n')[1]).toMatch(/ <defunct>$/);
  expect(ps('-x', '-o', 'pid=,command=', '-p', '501').stdout).toBe('  501 node a b.js\n');
});

test('ps ends with 1 in silence where nobody is found, and complains of a pid that can be none', () => {
  expect(ps('-o', COLUMNS, '-p', '7')).toEqual({ code: 1, stdout: '', complaint: '' });
  expect(ps('-o', COLUMNS, '-p', '100000').complaint).toBe('ps: process id too large');
  expect(ps('-o', COLUMNS, '-g', '501').stdout.split('\n').length).toBe(3);
});

test('each byte becomes what strvis makes of it in the C locale', () => {
  const bytes = Buffer.from([0x01, 0x09, 0x0a, 0x20, 0x41, 0x5c, 0x7f, 0x80, 0xa0, 0xc3, 0xff]);
  expect(tools.vis(bytes)).toBe(String.raw`^A\011\012 A\^?M^@\240M-CM^?`);
});

test('overseer reads what these tools print', () => {
  const { stdout } = ps('-A', '-E', '-o', `${COLUMNS},command=`);
  expect(parsePs(stdout)).toEqual([
    { pid: 501, ppid: 1, pgid: 501, sid: null, state: 'S', start: 'Tue Nov  3 09:05:01 2026' },
    { pid: 99_999, ppid: 501, pgid: 501, sid: null, state: 'Z', start: 'Tue Nov  3 09:05:01 2026' },
  ]);
  expect([...parseCommands(stdout).keys()]).toEqual([501, 99_999]);
});

test('lsof prints a field a line, and only outputs written to count as those of a job', () => {
  const held = (fd: string, access: string, name = '/l/web.log') => ({ fd, access, name });
  const { stdout } = tools.lsof(['-F', 'pfan', '--', '/l/web.log'], () => [
    { pid: 501, descriptors: [held('1', 'w'), held('2', 'w')] },
    { pid: 502, descriptors: [held('1', 'r'), held('7', 'w')] },
    { pid: 503, descriptors: [held('2', 'u')] },
  ]);
  expect(stdout.split('\n').slice(0, 4)).toEqual(['p501', 'f1', 'aw', 'n/l/web.log']);
  expect(parseWriters(stdout)).toEqual(new Map([['/l/web.log', [501, 503]]]));
  expect(tools.lsof(['--', '/l/web.log'], () => [])).toEqual({ code: 1, stdout: '', complaint: '' });
});

test('each kind of question has a price of its own', () => {
  const kinds = [
    ['-A', '-o', 'pid='],
    ['-A', '-E', '-o', 'pid='],
    ['-x', '-o', 'pid=', '-p', '1'],
    ['-o', 'pid=', '-g', '1'],
  ].map((asked) => tools.kindOf('/bin/ps', asked));
  expect(kinds).toEqual(['all', 'environments', 'one', 'group']);
  expect(tools.kindOf('/usr/sbin/scutil', ['--dns'])).toBe('scutil');
});
