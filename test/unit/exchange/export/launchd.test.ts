import { exportOf, HERE } from '../../../support/exchange/export-of.ts';

test('launchd, which reads no file of variables, gets their values, below those of env', () => {
  const jobs = { web: { env: { A: 'own' }, env_file: ['/srv/vars'] } };
  const { files } = exportOf('launchd', jobs, { ...HERE, fromFiles: { web: { A: 'file', B: 'file' } } });
  const [, dict = ''] =
    /<key>EnvironmentVariables<\/key>\s*<dict>(.*?)<\/dict>/s.exec(files[0]?.text ?? '') ?? [];
  const variables = [...dict.matchAll(/<key>(\w+)<\/key>\s*<string>(.*?)<\/string>/g)];
  expect(Object.fromEntries(variables.map(([, name, value]) => [name, value]))).toMatchObject({
    A: 'own',
    B: 'file',
  });
});
