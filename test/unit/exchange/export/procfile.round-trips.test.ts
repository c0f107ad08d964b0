import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { JobDraft, plainText } from '../../../../src/exchange/draft.ts';
import { exportJobs, type Exported } from '../../../../src/exchange/export-jobs.ts';
import { viewOf, type JobView } from '../../../../src/exchange/export/job-view.ts';
import { importFiles } from '../../../../src/exchange/read-import.ts';
import { readJobs } from '../../../../src/exchange/read-jobs.ts';
import { Written } from '../../../support/exchange/every-key.ts';

let written: Written;
beforeAll(() => {
  written = new Written();
});
afterAll(() => written.dispose());

/** What a program is told by the line that starts it. */
interface Told {
  readonly cwd: string;
  readonly umask: number;
  readonly nice: number;
  readonly limits: readonly string[];
  readonly words: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

const TELLS = `#!/bin/sh
printf '%s\\0' "$(pwd)" "$(umask)" "$(nice)" "$#" "\${0##*/}" "$@"; exec /usr/bin/env -0
`;
/** The limits are told instead of set: some of them leave a shell no room. */
const TELLS_LIMITS = 'ulimit() { LIMITS="$LIMITS$*,"; export LIMITS; }; ';

/** Runs a line of an imported Procfile as the job would, below a folder that stands for the root. */
function toldBy(line: string, program: string, root: string): Told {
  const bin = join(root, 'bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, program), TELLS, { mode: 0o755 });
  const out = execFileSync('/bin/sh', ['-c', `umask 0; ${TELLS_LIMITS}${line}`], {
    env: { PATH: `${bin}:/usr/bin:/bin` },
    encoding: 'utf8',
  }).split('\0');
  const [cwd = '', umask = '', nice = '', count = '', ...rest] = out;
  const env = Object.fromEntries(
    rest.slice(Number(count) + 1, -1).map((each) => {
      const at = each.indexOf('=');
      return [each.slice(0, at), each.slice(at + 1)];
    }),
  );
  return {
    cwd: cwd.replace(root, ''),
    umask: Number.parseInt(umask, 8),
    nice: Number(nice),
    limits: (env['LIMITS'] ?? '').split(',').filter((each) => each !== ''),
    words: rest.slice(0, Number(count) + 1),
    env,
  };
}

/** `nice` counts from the priority of the shell, as far as the system goes. */
const limitedNice = (nice: number): number => Math.max(-20, Math.min(19, nice));

/** The jobs of a Procfile, as they are after an import. */
function imported({ files }: Exported, root: string): readonly JobView[] {
  const folder = mkdtempSync(join(root, 'x-'));
  const [{ text } = { text: '' }] = files;
  // Folders of the config are below the root, so that they can be entered.
  const here = text.replaceAll(/cd ('?)(?=\/)/g, `cd $1${root}`);
  writeFileSync(join(folder, 'Procfile'), here);
  const read = importFiles([join(folder, 'Procfile')], {
    format: 'procfile',
    trust: false,
    home: '/home/ann',
    environment: {},
  });
  if (!read.ok) return [];
  writeFileSync(join(folder, 'back.toml'), read.toml);
  return readJobs([join(folder, 'back.toml')]).map((each) => viewOf(each, written.surroundings([])));
}

const CARRIED = ['name', 'job_command', 'cwd', 'env', 'env_file', 'umask', 'limits', 'nice'];
const IN_PART = ['enabled', 'instances'];

const limitsOf = (draft: JobDraft): readonly string[] =>
  Object.values(draft.table('limits')).map((value) => plainText(value));

test('jobs exported to a Procfile and imported again run the same, but for reported keys', () => {
  const root = realpathSync(written.dir);
  for (const folder of ['srv/a b', 'srv/50%', 'home/ann/x'])
    mkdirSync(join(root, folder), { recursive: true });
  let ran = 0;
  // env(1) would take the program for a variable.
  const named = new JobDraft('a', { file: 'x', line: 1 })
    .set('job_command', { exe: 'x=y', args: ['z'] })
    .set('env', { A: '1' });
  fc.assert(
    fc.property(written.configs(), (drafts) => {
      // The program could not be found by such a PATH.
      fc.pre(drafts.every((each) => !Object.hasOwn(each.table('env'), 'PATH')));
      const exported = exportJobs(drafts, 'procfile', written.surroundings(drafts));
      const told = (job: string, key: string | null): string | undefined =>
        exported.remarks.find((each) => each.job === job && each.key === key)?.message;
      const kept = drafts.filter((each) => told(each.name, null) === undefined);
      for (const draft of kept)
        for (const key of draft.keys.keys())
          if (![...CARRIED, ...IN_PART].includes(key))
            expect([key, told(draft.name, key)]).toEqual([key, expect.stringMatching(/^is left out: /)]);
          else if (!['name', 'env_file', ...IN_PART].includes(key))
            expect([key, told(draft.name, key)]).toEqual([key, undefined]);
      const on = kept.filter((each) => each.keys.get('enabled') !== false);
      const back = imported(exported, root);
      expect(back).toHaveLength(on.length);
      for (const [at, draft] of on.entries()) {
        const before = viewOf(draft, written.surroundings(drafts));
        const [program = ''] = before.words;
        const [, , line = ''] = back[at]?.words ?? [];
        if (told(draft.name, 'name') === undefined) expect(back[at]?.name).toBe(draft.name);
        const { env, limits, ...rest } = toldBy(line, program, root);
        expect(rest).toEqual({
          cwd: before.cwd,
          umask: Number.parseInt(draft.text('umask') ?? '0', 8),
          nice: limitedNice(getPriority() + Number(draft.keys.get('nice') ?? 0)),
          words: before.words,
        });
        expect(env).toMatchObject({ ...before.envFromFiles, ...before.env });
        expect(limits.map((each) => each.replace(/^-S\w /, ''))).toEqual(limitsOf(draft));
        ran += 1;
      }
    }),
    { numRuns: 60, examples: [[[named]]] },
  );
  expect(ran).toBeGreaterThan(20);
});
