import { importOf } from '../../../support/exchange/import-of.ts';

/** The remarks, without the one about jobs that run once. */
const compose = (
  text: string,
  environment: Readonly<Record<string, string>> = {},
): ReturnType<typeof importOf> => {
  const { toml, remarks } = importOf({ 'compose.yaml': text }, environment);
  return { toml, remarks: remarks.filter((each) => !each.startsWith('-: ')) };
};

test('the memory that deploy limits is max_memory, and each other limit is told', () => {
  const { toml, remarks } = compose(`services:
  web:
    command: serve
    deploy:
      resources:
        limits: { memory: 512M, cpus: '0.5' }
        reservations: { memory: 20M }
`);
  expect(toml).toContain('max_memory = "512MiB"');
  expect(remarks).toEqual([
    '4: reservations of deploy.resources is left out: overseer has nothing that is like it',
    '4: cpus of deploy.resources.limits is left out: overseer limits no processor time; "nice" lowers the priority',
  ]);
});

test.each([
  ['condition: none', 'restart = "never"'],
  ['condition: on-failure', 'restart = "on-failure"'],
  ['max_attempts: 3', 'restart = "always"'],
  ['delay: 5s', 'backoff = { min = 5, max = 5, factor = 1 }'],
  ['condition: on-failure, max_attempts: 3', 'max_restarts = 4'],
])('a restart_policy of deploy is carried over: %s', (policy, line) => {
  const { toml, remarks } = compose(
    `services:\n  web:\n    command: serve\n    deploy: { restart_policy: { ${policy} } }\n    restart: "no"\n`,
  );
  expect(toml.split('\n')).toContain(line);
  expect(remarks).toEqual([]);
});

test('a variable without a value is the one of this shell, and is told either way', () => {
  const text = 'services:\n  web:\n    command: serve\n    environment:\n      - A=1\n      - TOKEN\n';
  const [without, set] = [compose(text), compose(text, { TOKEN: 't' })];
  expect([without.toml.match(/^env.*$/m)?.[0], set.toml.match(/^env.*$/m)?.[0]]).toEqual([
    'env = { A = "1" }',
    'env = { A = "1", TOKEN = "t" }',
  ]);
  expect([without.remarks, set.remarks]).toEqual([
    ['4: TOKEN is not set here, so it is left out of env'],
    ['4: TOKEN is written as it is in this shell now'],
  ]);
});

test('a job that waited for a service that is left out says so', () => {
  const { toml, remarks } = compose(
    'services:\n  db: { image: pg }\n  web:\n    command: serve\n    depends_on: [db]\n',
  );
  expect(toml).not.toContain('after');
  expect(remarks[1]).toBe('5: db is left out, so web does not wait for it');
});

test('a key that was merged in is told with the line where it stands', () => {
  const { remarks } = compose(`x-a: &a
  restart: always
  tty: true
x-b: &b
  user: ann
services:
  one: { <<: *a, command: serve }
  two:
    <<: [*b, *a]
    command: serve
`);
  expect(remarks).toEqual([
    '3: tty is left out: a job has no terminal',
    '5: user is left out: overseer runs every job as you',
  ]);
});
