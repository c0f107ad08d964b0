import type { JobDraft } from './draft.ts';
import { left, type ExportedFile, type Exporter, type Fate } from './export/exporter.ts';
import { EXPORTERS } from './export/formats.ts';
import { viewOf, type JobView, type ExportSurroundings, type ReferringPlace } from './export/job-view.ts';
import type { ExportFormat } from './format-names.ts';

/** A difference between overseer and the tool that the config is exported to. */
export interface ExportRemark {
  /** Null where it is about every job. */
  readonly job: string | null;
  readonly key: string | null;
  readonly message: string;
}

export interface Exported {
  readonly files: readonly ExportedFile[];
  readonly remarks: readonly ExportRemark[];
}

/** The jobs in another format; every key that a job has is carried over, or is a remark. */
export function exportJobs(
  drafts: readonly JobDraft[],
  format: ExportFormat,
  surroundings: ExportSurroundings,
): Exported {
  const exporter = EXPORTERS[format];
  const remarks: ExportRemark[] = exporter.notes.map((message) => ({ job: null, key: null, message }));
  const views = withTags(drafts.map((draft) => viewOf(draft, surroundings)));
  const names = new Map<string, string>();
  const taken = views.filter((view) => {
    const there = exporter.nameThere(view).toLowerCase();
    const other = names.get(there);
    const why =
      exporter.refuses?.(view) ??
      (other === undefined ? null : `there it would have the same name as ${other}`);
    if (why === null) names.set(there, view.name);
    else remarks.push({ job: view.name, key: null, message: `left out: ${why}` });
    return why === null;
  });
  for (const view of taken) {
    for (const key of ['name', ...view.draft.keys.keys()]) {
      const message = messageOf(exporter.fates[key] ?? left('it has no counterpart'), view);
      if (message !== null) remarks.push({ job: view.name, key, message });
    }
    for (const { job } of view.after)
      if (exporter.fates['after']?.is !== 'left' && !taken.some(({ name }) => name === job))
        remarks.push({
          job: view.name,
          key: 'after',
          message: `${job} is left out, so nothing waits for it`,
        });
    for (const message of exporter.tellsOfAfter?.(view, taken) ?? [])
      remarks.push({ job: view.name, key: 'after', message });
    remarks.push(...referenceRemarks(view, exporter));
  }
  return {
    files: exporter.files(taken, surroundings),
    remarks,
  };
}

/** The remark about a key of this job; null if the key is carried over whole. */
function messageOf(fate: Fate, view: JobView): string | null {
  if (fate.is === 'left') return `is left out: ${fate.hint}`;
  const told = fate.is === 'partly' ? fate.tell(view) : null;
  if (told === null) return null;
  return 'left' in told ? `is left out: ${told.left}` : `is not quite the same: ${told.differs}`;
}

function referenceRemarks(view: JobView, { fates, numbersCopies }: Exporter): readonly ExportRemark[] {
  const remarks = (places: readonly ReferringPlace[], says: string): readonly ExportRemark[] =>
    places
      .filter(({ key }) => fates[key]?.is !== 'left')
      .map(({ key, name }) => ({
        job: view.name,
        key,
        message: name === null ? says : `${name} ${says}`,
      }));
  return [
    ...remarks(view.looked, 'is written as it is in this shell now'),
    ...(numbersCopies === true
      ? []
      : remarks(
          view.numbered,
          'is written as the first copy has it: the copies do not know their numbers there',
        )),
  ];
}

/** Each `tag:NAME` in `after` as the jobs that it means, and each `NAME@1` as its job. */
function withTags(views: readonly JobView[]): readonly JobView[] {
  const meant = (name: string, self: JobView): readonly string[] => {
    const [, tag] = /^tag:(.+)$/.exec(name) ?? [];
    const [, job] = /^(.+)@\d+$/.exec(name) ?? [];
    if (tag === undefined)
      return [job !== undefined && !views.some((each) => each.name === name) ? job : name];
    return views
      .filter((each) => each !== self && each.draft.list('tags').includes(tag))
      .map((each) => each.name);
  };
  return views.map((view) => ({
    ...view,
    after: view.after.flatMap(({ job, is }) => meant(job, view).map((name) => ({ job: name, is }))),
  }));
}
