import type { Problem } from '../config/config.ts';
import type { Import, JobDraft } from './draft.ts';
import { linesOfKeys } from './toml-text.ts';

/** Without one of these it would be another job, which runs when it should not. */
const NEEDED: readonly string[] = ['name', 'job_command', 'test_command', 'schedule', 'cwd'];

/** Each key that is left out takes further problems with it, or shows the next one. */
const MOST_ROUNDS = 20;

/** Leaves out, and tells, what a check of the config would refuse: what the other tool has wrong as well. */
export function leaveOutUnsound(
  into: Import,
  problemsOf: (drafts: readonly JobDraft[]) => readonly Problem[],
): void {
  for (const draft of into.drafts) withoutNoNumbers(draft, into);
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const problems = problemsOf(into.drafts);
    if (problems.length === 0) return;
    const places = linesOfKeys(into.drafts);
    for (const { file, line, message } of problems) {
      const place = places.get(line);
      // An env_file that is wrong is a problem of its own file.
      const users = into.drafts.filter((draft) =>
        [draft.keys.get('env_file')].flat().some((each) => isFile(each, file)),
      );
      if (users.length > 0)
        for (const draft of users) {
          draft.keys.delete('env_file');
          into.remark(draft.from, `env_file is left out: ${file}:${line}: ${message}`);
        }
      else if (place !== undefined) leaveOut(place, message, into);
    }
  }
}

const isFile = (value: unknown, file: string): boolean =>
  typeof value === 'string' && (value === file || file.endsWith(`/${value}`));

function leaveOut(
  { draft, key }: { readonly draft: JobDraft; readonly key: string },
  message: string,
  into: Import,
): void {
  if (!into.drafts.includes(draft)) return;
  const plain = message.replace(/^jobs\[\d+\]( "[^"]*")?: /, '');
  if (NEEDED.includes(key)) {
    into.remark(draft.from, `${draft.name} is left out: ${plain}`);
    into.drop(draft);
  } else if (draft.keys.delete(key)) into.remark(draft.from, `${key} is left out: ${plain}`);
}

/** What should be a number there, and is none. */
function withoutNoNumbers(draft: JobDraft, into: Import): void {
  for (const [key, value] of draft.keys)
    if (hasNoNumber(value)) {
      draft.keys.delete(key);
      into.remark(draft.from, `${key} is left out: what stands for it is no number`);
    }
}

const hasNoNumber = (value: unknown): boolean =>
  typeof value === 'number'
    ? !Number.isFinite(value)
    : typeof value === 'object' && value !== null && Object.values(value).some(hasNoNumber);
