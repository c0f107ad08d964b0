import { execFileSync, spawnSync } from 'node:child_process';
import { signalCure, signalNamed, signalNumbered } from '../../../../src/config/values/signal.ts';

const hasBash = spawnSync('bash', ['--version']).status === 0;

(hasBash ? test : test.skip)('the names and numbers of signals are those of the shell', () => {
  const listed = execFileSync('bash', ['-c', 'for n in {1..31}; do echo "$n $(kill -l $n)"; done'], {
    encoding: 'utf8',
  });
  const named = listed
    .trim()
    .split('\n')
    .map((line) => line.split(' ') as [string, string]);
  // SIGSTOP ends nothing; the rest must be known by name and by number.
  const wanted = named.map(([, name]) => (name === 'STOP' ? null : `SIG${name}`));
  expect(named.map(([, name]) => signalNamed(name))).toEqual(wanted);
  expect(named.map(([, name]) => signalNamed(`SIG${name}`.toLowerCase()))).toEqual(wanted);
  const ofNumber = (name: string | null): number | null =>
    name === null ? null : Number(execFileSync('bash', ['-c', `kill -l ${name}`], { encoding: 'utf8' }));
  expect(named.map(([number]) => ofNumber(signalNumbered(Number(number)) ?? null))).toEqual(
    named.map(([number, name]) => (name === 'STOP' ? null : Number(number))),
  );
});

test.each([
  ['', null],
  ['SIG', null],
  ['SIGSIGTERM', null],
  [' TERM', null],
  ['TERMX', null],
  ['9', null],
  ['USR1', 'SIGUSR1'],
])('%j is the signal %j', (text, signal) => {
  expect(signalNamed(text)).toBe(signal);
});

test.each([
  [15, 'SIGTERM'],
  ['15', 'SIGTERM'],
  [0, null],
  [999, null],
  ['x', null],
  ['', null],
  [' 15', null],
  [null, null],
  [[15], null],
])('the number %j is the signal %j', (value, signal) => {
  expect(signalNumbered(value)).toBe(signal);
});

test('a wrong name of a signal is refused with the cure', () => {
  expect(['STOP', 'sigstop', '15', 'SIGTREM', 'nothing at all'].map(signalCure)).toEqual([
    ', which only suspends',
    ', which only suspends',
    ': write "SIGTERM"',
    ': did you mean "SIGTERM"?',
    '',
  ]);
});
