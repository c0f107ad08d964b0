import { createRequire } from 'node:module';
import { GLOBAL_OPTIONS } from '../../../../src/cli/argv/global-options.ts';
import { namesOf } from '../../../../src/cli/argv/option-spec.ts';
import type { ParsedArgv } from '../../../../src/cli/argv/parse.ts';
import { COMMANDS } from '../../../../src/cli/commands/commands.ts';
import { apply } from '../../../../src/cli/commands/steer/apply.ts';
import { status } from '../../../../src/cli/commands/look/status.ts';
import { EVERY_COMMAND } from '../../../../src/cli/main.ts';
import { PLAIN_APPLY } from '../../../../src/cli/plain/plain-apply.ts';
import { jobsNamed } from '../../../../src/cli/plain/plain-status.ts';

const { bundleFor } = createRequire(import.meta.url)('../../../../bin/load.js') as {
  readonly bundleFor: (words: readonly string[]) => string;
};

/** Everything that a command can learn of the words of its call. */
function understood(parsed: ParsedArgv, options: readonly string[]): unknown {
  if (parsed.kind !== 'run') return parsed;
  const { command, args } = parsed;
  const given = options.filter((option) => args.flag(option) || args.text(option) !== null);
  return { command: command.words, jobs: args.words('jobs'), given };
}

const JOBS = [
  [],
  ['web'],
  ['web', 'db@2', 'web'],
  ['tag:x', 'a*', 'a?b'],
  ['help', 'version', 'status', 'ls', 'stop'],
  ['12', '1.0', '0x10', '1e3'],
  ['constructor', '__proto__', 'toString'],
  ['a=b', 'a b', 'a.b.c', 'true', 'x-y', 'x--json'],
];

const CALLS = namesOf(status).flatMap((name) => JOBS.map((jobs) => [name, ...jobs]));

test.each(CALLS.map((words) => [words.join(' '), words] as const))(
  'T-941 the small bundle understands `%s` as the one with every command does',
  async (_, words) => {
    expect(bundleFor(words)).toBe('plain-status');
    const asked = { command: status.words, jobs: jobsNamed(words), given: [] };
    const options = Object.keys({ ...GLOBAL_OPTIONS, ...status.options });
    expect(understood(await EVERY_COMMAND.parse(words, 80), options)).toEqual(asked);
  },
);

test.each([[[]], [['apply']]])('T-1405 a trigger without options has a small bundle: %j', async (words) => {
  expect(bundleFor(words)).toBe('plain-apply');
  const [plain, whole] = [await PLAIN_APPLY.parse(words, 80), await EVERY_COMMAND.parse(words, 80)];
  const options = Object.keys({ ...GLOBAL_OPTIONS, ...apply.options });
  expect(understood(whole, options)).toEqual({ command: apply.words, jobs: [], given: [] });
  expect(understood(plain, options)).toEqual(understood(whole, options));
});

test.each([
  [['--json']],
  [['apply', 'web']],
  [['apply', '--no-wait']],
  [['apply', '']],
  [['web']],
  [['status', '--json']],
  [['--json', 'status']],
  [['status', '-w']],
  [['status', 'web', '--help']],
  [['status', '--', 'web']],
  [['status', '*']],
  [['status', '']],
  [['stop', 'web']],
])('a call with anything else has the bundle with every command: %j', (words) => {
  expect(bundleFor(words)).toBe('cli');
});

test('only the names of apply and status have small bundles', () => {
  const small = COMMANDS.flatMap(namesOf).filter((name) => bundleFor([name]) !== 'cli');
  expect(small.toSorted()).toEqual([...namesOf(apply), ...namesOf(status)].toSorted());
});
