import { exportJobs, type Exported } from '../../../src/exchange/export-jobs.ts';
import { JobDraft, type TomlValue } from '../../../src/exchange/draft.ts';
import type { ExportFormat } from '../../../src/exchange/format-names.ts';
import type { ExportSurroundings } from '../../../src/exchange/export/job-view.ts';

export const HERE: ExportSurroundings = {
  home: '/home/ann',
  folder: null,
  base: { HOME: '/home/ann' },
  image: 'app:1',
  fromFiles: {},
  timeZone: 'Europe/Berlin',
};

/** The drafts of jobs, by name; each runs `x` unless it says otherwise. */
export function draftsOf(jobs: Readonly<Record<string, Readonly<Record<string, TomlValue>>>>): JobDraft[] {
  return Object.entries(jobs).map(([name, keys]) => {
    const draft = new JobDraft(name, { file: 'x', line: 1 }).set('job_command', 'x');
    for (const [key, value] of Object.entries(keys)) draft.set(key, value);
    return draft;
  });
}

export const exportOf = (
  format: ExportFormat,
  jobs: Parameters<typeof draftsOf>[0],
  surroundings: ExportSurroundings = HERE,
): Exported => exportJobs(draftsOf(jobs), format, surroundings);

/** What an export says about a key of a job. */
export const saidOf = ({ remarks }: Exported, job: string, key: string): readonly string[] =>
  remarks.filter((each) => each.job === job && each.key === key).map(({ message }) => message);

/** The lines of a file of an export that begin with one of these words. */
export const linesOf = ({ files }: Exported, name: string, ...words: readonly string[]): readonly string[] =>
  (files.find((each) => each.name === name)?.text ?? '')
    .split('\n')
    .filter((line) => words.some((word) => line.startsWith(`${word}=`)));
