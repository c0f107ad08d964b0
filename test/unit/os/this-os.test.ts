import { osOf, thisOs } from '../../../src/os/this-os.ts';

test('there are two systems, and any other is refused by its name', () => {
  expect([osOf('linux').name, osOf('darwin').name]).toEqual(['linux', 'darwin']);
  expect(() => osOf('win32')).toThrow('overseer runs on Linux and macOS, not on win32');
});

test('a process asks one system all the time', () => {
  expect(thisOs()).toBe(thisOs());
});
