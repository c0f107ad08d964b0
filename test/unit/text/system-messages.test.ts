import { systemWords } from '../../../src/text/system-messages.ts';

test('a system error is put in our words, or in its own if we have none', () => {
  const error = (code: string): Error => Object.assign(new Error(`${code}: as Node says it`), { code });
  expect([error('ENOSPC'), error('EXDEV'), new Error('no code')].map(systemWords)).toEqual([
    'no space is left on the device',
    'EXDEV: as Node says it',
    'no code',
  ]);
});
