import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordedPath } from '../../../../src/cli/autostart/recorded-path.ts';

test('a PATH is recorded in its order, each folder once, with the system’s folders at its end', () => {
  expect(recordedPath('/opt/x/bin:/usr/bin:/opt/x/bin:/sbin')).toBe(
    '/opt/x/bin:/usr/bin:/sbin:/usr/local/bin:/bin:/usr/sbin',
  );
});

test('paths that are no folders at every login are left out: relative, empty and those of npm', () => {
  const npm = '/x/node_modules/.bin:/y/node_modules/@npmcli/run-script/lib/node-gyp-bin';
  expect(recordedPath(`.:bin::${npm}:/a`)).toBe('/a:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin');
});

test('a folder of fnm that goes with its shell is recorded as the one that it leads to', () => {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'overseer-path-')));
  mkdirSync(join(dir, 'node-versions/v24/bin'), { recursive: true });
  mkdirSync(join(dir, 'fnm_multishells'));
  symlinkSync(join(dir, 'node-versions/v24'), join(dir, 'fnm_multishells/12_34'));
  expect(recordedPath(join(dir, 'fnm_multishells/12_34/bin')).split(':')[0]).toBe(
    join(dir, 'node-versions/v24/bin'),
  );
  expect(recordedPath('/no/fnm_multishells/1/bin').split(':')[0]).toBe('/no/fnm_multishells/1/bin');
  rmSync(dir, { recursive: true });
});
