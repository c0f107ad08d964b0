import { partsOfInstance } from '../instance-name.ts';
import type { Draft } from '../jobs.ts';
import { MAX_JOBS } from '../schema/keys.ts';

/**
 * Reports names that are taken already, by a job or by an instance. Names that differ only in case would
 * share a log file where the file system takes them for the same.
 */
export function checkNames(drafts: readonly Draft[]): void {
  const taken = new Map<string, Draft>();
  for (const draft of drafts) {
    const name = draft.own.name;
    const first = name === undefined ? undefined : taken.get(name.toLowerCase());
    if (name === undefined) continue;
    if (first === undefined) taken.set(name.toLowerCase(), draft);
    else reportTaken(draft, name, first);
  }
  for (const draft of taken.values()) checkInstanceName(draft, taken);
}

function reportTaken(draft: Draft, name: string, first: Draft): void {
  const where = `${first.place.written}`;
  const text =
    first.own.name === name
      ? `the name "${name}" is taken already, by the job at ${where}`
      : `the name "${name}" differs only in case from "${first.own.name}" at ${where}, whose log ` +
        'would be the same file';
  draft.place.at('name').report(text);
}

function checkInstanceName(draft: Draft, taken: ReadonlyMap<string, Draft>): void {
  const parts = partsOfInstance(draft.own.name ?? '');
  const job = taken.get(parts?.job.toLowerCase() ?? '');
  const copies = job?.full.instances ?? 0;
  if (parts === null || job === undefined || parts.number < 1 || parts.number > copies) return;
  const text =
    `the name "${draft.own.name}" is taken already, by an instance of "${job.own.name}" at ` +
    `${job.place.written}`;
  draft.place.at('name').report(text);
}

/** Reports the first job that is one, or some instances, too many. */
export function checkJobCount(drafts: readonly Draft[]): void {
  let count = 0;
  for (const { place, full } of drafts) {
    count += Math.max(1, full.instances ?? 1);
    if (count > MAX_JOBS)
      return place.report(`too many jobs: at most ${MAX_JOBS}, instances included, are kept`, 'key');
  }
}
