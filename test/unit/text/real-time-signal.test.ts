import { realTimeNumber, realTimeSignal } from '../../../src/text/real-time-signal.ts';

test.each([
  ['34', 34],
  ['64', 64],
  ['RTMIN', 34],
  ['SIGRTMIN+1', 35],
  ['rtmin+30', 64],
  ['RTMAX', 64],
  ['SIGRTMAX-30', 34],
])('%s is signal %i of Linux', (word, number) => {
  const signal = realTimeSignal(word, 'linux');
  expect(signal === null ? null : realTimeNumber(signal)).toBe(number);
  expect(realTimeSignal(word, 'darwin')).toBeNull();
});

test.each([
  '32',
  '33',
  '65',
  '0',
  '-34',
  '034',
  '34.5',
  'RTMIN+31',
  'RTMIN-1',
  'RTMIN+',
  'RTMAX+1',
  'RTMAX-31',
  'RT',
  '',
])('%s is no real-time signal', (word) => expect(realTimeSignal(word, 'linux')).toBeNull());
