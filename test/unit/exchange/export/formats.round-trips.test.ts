import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { KEYS } from '../../../../src/config/schema/keys.ts';
import { sizeBytes } from '../../../../src/config/values/size.ts';
import { RESERVED_NAMES } from '../../../../src/config/values/own-variables.ts';
import { plainText, type JobDraft, type TomlValue } from '../../../../src/exchange/draft.ts';
import { exportJobs, type Exported } from '../../../../src/exchange/export-jobs.ts';
import { cronFields, everySeconds, numbersOf } from '../../../../src/exchange/export/cron-fields.ts';
import { viewOf, type JobView } from '../../../../src/exchange/export/job-view.ts';
import { importFiles } from '../../../../src/exchange/read-import.ts';
import { readJobs } from '../../../../src/exchange/read-jobs.ts';
import { Written } from '../../../support/exchange/every-key.ts';

let written: Written;
beforeAll(() => {
  written = new Written();
});
afterAll(() => written.dispose());

/** What a key comes to, however it was written, and with its default where it was not. */
function meaning(view: JobView, key: string, all: readonly JobView[] = []): unknown {
  const value = view.draft.keys.get(key) ?? KEYS.find(({ name }) => name === key)?.default ?? null;
  const own = (name: string): boolean => RESERVED_NAMES.includes(name);
  switch (key) {
    case 'name':
      return view.name;
    case 'job_command':
      return view.words;
    case 'test_command':
      return view.test;
    case 'cwd':
      return view.cwd;
    case 'env':
      return Object.fromEntries(Object.entries(view.env).filter(([name]) => !own(name)));
    case 'env_file':
      return view.envFiles;
    case 'umask':
      return value === null ? null : Number.parseInt(plainText(value as TomlValue), 8);
    case 'success_codes':
      return new Set(view.successCodes);
    case 'after':
      return view.after.map(({ job, is }) => {
        const isOnce = all.find(({ name }) => name === job)?.isOnce === true;
        return [job, is ?? (isOnce ? 'finished' : 'running')];
      });
    case 'ready':
      return view.ready;
    case 'alive':
      return view.alive;
    case 'schedule':
      return view.schedule === null ? null : timesOf(view.schedule);
    case 'max_memory':
      return typeof value === 'string' ? sizeBytes(value) : value;
    case 'instances':
      return view.instances;
    default:
      return value;
  }
}

/** The times that a schedule means, since it may be written in several ways. */
const timesOf = (schedule: string): unknown =>
  everySeconds(schedule) ?? cronFields(schedule)?.map((field, index) => numbersOf(field, index)) ?? schedule;

/** Keys of which the export as a whole says that the target has its own way. */
const NOTED: Readonly<Record<'systemd' | 'launchd' | 'compose', readonly string[]>> = {
  systemd: ['backoff'],
  launchd: [],
  compose: [],
};

/** launchd reads no files of variables, so that they are written out, which is told. */
const envOf = (view: JobView, format: keyof typeof NOTED): unknown =>
  meaning(format === 'launchd' ? { ...view, env: { ...view.envFromFiles, ...view.env } } : view, 'env');

/** Exports jobs and imports them again. */
function roundTrip(
  drafts: readonly JobDraft[],
  format: 'systemd' | 'launchd' | 'compose',
): { readonly exported: Exported; readonly back: readonly JobView[]; readonly problem: string | null } {
  const folder = mkdtempSync(join(written.dir, 'x-'));
  const exported = exportJobs(drafts, format, written.surroundings(drafts));
  for (const { name, text } of exported.files) writeFileSync(join(folder, name), text);
  const imported = importFiles(
    exported.files.map(({ name }) => join(folder, name)),
    { format, trust: false, home: '/home/ann', environment: {} },
  );
  if (!imported.ok) return { exported, back: [], problem: null };
  const file = join(folder, 'back.toml');
  writeFileSync(file, imported.toml);
  const back = readJobs([file]);
  return {
    exported,
    back: back.map((each) => viewOf(each, written.surroundings([]))),
    problem: written.problems(back),
  };
}

test.each(['systemd', 'launchd', 'compose'] as const)(
  'jobs exported to %s and imported again are the same, except for the reported keys',
  (format) => {
    fc.assert(
      fc.property(written.configs(), (drafts) => {
        const { exported, back, problem } = roundTrip(drafts, format);
        expect(problem).toBeNull();
        const told = (job: string, key: string): string | undefined =>
          exported.remarks.find((each) => each.job === job && each.key === key)?.message;
        const isGone = (job: string): boolean =>
          exported.remarks.some((each) => each.job === job && each.key === null);
        const views = drafts.map((each) => viewOf(each, written.surroundings(drafts)));
        const kept = views.filter(({ name }) => !isGone(name) && told(name, 'instances') === undefined);
        for (const before of kept) {
          // Where its name was told to be another one, the job is found by what else it is.
          const after = back.find(
            ({ name }) => name === before.name || told(before.name, 'name') !== undefined,
          );
          expect(after).toBeDefined();
          if (after === undefined || told(before.name, 'name') !== undefined) continue;
          for (const { name: key } of KEYS) {
            // A job whose `after` names a renamed job must get the new name.
            const isRenamed = before.after.some(({ job }) => told(job, 'name') !== undefined);
            const message = told(before.name, key) ?? (key === 'after' && isRenamed ? '' : undefined);
            const isWritten = before.draft.keys.has(key) || key === 'name';
            const [one, other] = [meaning(before, key, views), meaning(after, key, back)];
            if (message === undefined && (isWritten || !NOTED[format].includes(key)))
              expect([key, other]).toEqual([key, key === 'env' ? envOf(before, format) : one]);
            if (message?.startsWith('is left out') === true)
              expect([key, after.draft.keys.has(key) && other]).toEqual([key, false]);
          }
        }
        expect(back.length).toBeGreaterThanOrEqual(kept.length);
      }),
      { numRuns: 100 },
    );
  },
);
