import { systemWords } from '../../../src/text/system-messages.ts';

test('an error of the system is told in our words, and in its own where we have none', () => {
  const error = (code: string): Error => Object.assign(new Error(`${code}: as Node says it`), { code });
  expect([error('ENOSPC'), error('EXDEV'), new Error('no code')].map(systemWords)).toEqual([
    'no space is left on the device',
    'EXDEV: as Node says it',
    'no code',
  ]);
});
