import { createRequire } from 'node:module';
import { GLOBAL_OPTIONS } from '../../../src/cli/argv/global-options.ts';
import { namesOf } from '../../../src/cli/argv/option-spec.ts';
import type { ParsedArgv } from '../../../src/cli/argv/parse.ts';
import { COMMANDS } from '../../../src/cli/commands/commands.ts';
import { status } from '../../../src/cli/commands/look/status.ts';
import { EVERY_COMMAND } from '../../../src/cli/main.ts';
import { jobsNamed } from '../../../src/cli/plain-status.ts';

const { bundleFor } = createRequire(import.meta.url)('../../../bin/load.js') as {
  readonly bundleFor: (words: readonly string[]) => string;
};

/** Everything that a command can learn of the words of its call. */
function understood(parsed: ParsedArgv): unknown {
  if (parsed.kind !== 'run') return parsed;
  const { command, args } = parsed;
  const options = Object.keys({ ...GLOBAL_OPTIONS, ...status.options });
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
    expect(understood(await EVERY_COMMAND.parse(words, 80))).toEqual(asked);
  },
);

test.each([
  [[]],
  [['--json']],
  [['status', '--json']],
  [['--json', 'status']],
  [['status', '-w']],
  [['status', 'web', '--help']],
  [['status', '--', 'web']],
  [['status', '*']],
  [['status', '']],
  [['stop', 'web']],
])('a call that is more than `status` of jobs has the bundle with every command: %j', (words) => {
  expect(bundleFor(words)).toBe('cli');
});

test('every name of status, and no other command, has the small bundle', () => {
  const small = COMMANDS.flatMap(namesOf).filter((name) => bundleFor([name]) !== 'cli');
  expect(small).toEqual(namesOf(status));
});
