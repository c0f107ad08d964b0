import { importOf } from '../../../support/exchange/import-of.ts';

const procfile = (
  text: string,
  beside: Readonly<Record<string, string>> = {},
): ReturnType<typeof importOf> => {
  const { toml, remarks } = importOf({ Procfile: text }, {}, beside);
  return { toml, remarks: remarks.filter((each) => !each.startsWith('-: ')) };
};
const ports = (beside: Readonly<Record<string, string>>): readonly (string | undefined)[] =>
  [...procfile('a: x\nb : y\n', beside).toml.matchAll(/PORT = "(\d+)"/g)].map(([, port]) => port);

test('each process gets a port of its own, from the one in .env on', () => {
  expect(ports({})).toEqual(['5000', '5100']);
  expect(ports({ '.env': 'PORT=7000\n' })).toEqual(['7000', '7100']);
  expect(ports({ '.env': 'A=1\nexport PORT="8000"\n' })).toEqual(['8000', '8100']);
  expect(ports({ '.env': "PORT='9000'\n" })).toEqual(['9000', '9100']);
  const { toml } = procfile('# a comment\n\na: x\nno process\nb: y\n');
  expect(toml.match(/PORT = "\d+"/g)).toEqual(['PORT = "5000"', 'PORT = "5100"']);
});

test('the .env beside a Procfile is read by each process, where there is one', () => {
  expect(procfile('a: x\n', { '.env': 'A=1\n' }).toml).toContain('env_file = ".env"');
  expect(procfile('a: x\n').toml).not.toContain('env_file');
});

test('a line is a name and a command for a shell, and any other is told', () => {
  const { toml, remarks } = procfile('# c\n\nweb:run | x\n  a b: c\nrelease: migrate\nlast:  y\n');
  expect([...toml.matchAll(/^job_command = (.*)$/gm)].map(([, command]) => command)).toEqual([
    '{ exe = "sh", args = ["-c", "run | x"] }',
    '"migrate"',
    '"y"',
  ]);
  expect(toml.match(/^restart = .*$/gm)).toEqual(['restart = "never"']);
  expect(remarks).toEqual([
    '4: this is no "name: command", so it is left out: a b: c',
    '5: release runs once; name it in "after" of the jobs that are to wait for it',
  ]);
});

test('what foreman does at the end of a process is told once, and not of a file without jobs', () => {
  const all = (text: string): readonly string[] => importOf({ Procfile: text }).remarks;
  expect(all('a: x\nb: y\n')).toEqual([expect.stringContaining('-: foreman ends everything')]);
  expect(all('a b\n')).toEqual([expect.stringContaining('1: this is no')]);
});
