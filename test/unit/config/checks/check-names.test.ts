import { complaints } from '../../../support/config-files.ts';

test('T-218 a name that is taken, in any file, case or by an instance, names both places', () => {
  const job = (name: string, more = ''): string => `[[jobs]]\nname = "${name}"\njob_command = "x"\n${more}\n`;
  const files = {
    'a.toml': job('web', 'instances = 2') + job('db'),
    'b.toml': job('db') + job('WEB') + job('web@2') + job('web@3'),
  };
  expect(complaints(files)).toEqual([
    'b.toml:2:8: jobs[0] "db": the name "db" is taken already, by the job at a.toml:5',
    'b.toml:6:8: jobs[1] "WEB": the name "WEB" differs only in case from "web" at a.toml:1, whose log would be the same file',
    'b.toml:10:8: jobs[2] "web@2": the name "web@2" is taken already, by an instance of "web" at a.toml:1',
  ]);
});

test('a name that differs only in case from that of an instance is taken as well', () => {
  const job = (name: string, more = ''): string => `[[jobs]]\nname = "${name}"\njob_command = "x"\n${more}\n`;
  expect(complaints(job('Web', 'instances = 2') + job('wEB@1'))).toEqual([
    'a.toml:6:8: jobs[1] "wEB@1": the name "wEB@1" is taken already, by an instance of "Web" at a.toml:1',
  ]);
});

test('a job may have a name that no instance has, since these are numbered from 1', () => {
  const job = (name: string, more = ''): string => `[[jobs]]\nname = "${name}"\njob_command = "x"\n${more}\n`;
  expect(complaints(job('web', 'instances = 2') + job('web@0') + job('web@01'))).toEqual([]);
});
