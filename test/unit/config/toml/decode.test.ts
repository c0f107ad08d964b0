import { complaints } from '../../../support/config-files.ts';

test('T-221 invalid UTF-8 and NUL are told with their line and column', () => {
  const latin1 = Buffer.from('\ufeff# ok ü\n# na\u0000ve', 'utf8');
  latin1[latin1.indexOf(0)] = 0xef;
  expect(complaints({ 'a.toml': latin1 })).toEqual([
    'a.toml:2:5: byte 0xEF is not valid UTF-8 here: save the file as UTF-8',
  ]);
  expect(complaints('a = 1\n\u0000')).toEqual(['a.toml:2:1: unexpected NUL character: expected a text file']);
});
