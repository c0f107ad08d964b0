import { keyNames } from '../../../../src/cli/top/key-names.ts';

test('each key has a name, and keys that arrive together are handled one by one', () => {
  expect(keyNames('', { upArrow: true })).toEqual(['up']);
  expect(keyNames('', { return: true })).toEqual(['enter']);
  expect(keyNames('c', { ctrl: true })).toEqual(['ctrl-c']);
  expect(keyNames('jj\r語', {})).toEqual(['j', 'j', 'enter', '語']);
  expect(keyNames('x\u0003', {})).toEqual(['x', 'ctrl-c']);
  expect(keyNames('x', { meta: true })).toEqual([]);
});
