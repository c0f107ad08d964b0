import type { JobDraft } from './draft.ts';
import type { ExportedFile } from './export/exporter.ts';
import { EXPORTERS } from './export/formats.ts';
import { viewOf, type JobView, type ExportSurroundings } from './export/job-view.ts';
import type { ExportFormat } from './format-names.ts';

/** What the target does not do as overseer does. */
export interface ExportRemark {
  readonly job: string;
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
  const remarks: ExportRemark[] = [];
  const views = withTags(drafts.map((draft) => viewOf(draft, surroundings)));
  const taken = views.filter((view) => {
    const why = exporter.refuses?.(view) ?? null;
    if (why !== null) remarks.push({ job: view.name, key: null, message: `left out: ${why}` });
    return why === null;
  });
  for (const { name, draft, looked } of taken) {
    for (const key of ['name', ...draft.keys.keys()]) {
      const fate = exporter.fates[key] ?? { is: 'left', hint: 'it has no counterpart' };
      if (key === 'name' ? fate.is === 'left' : fate.is !== 'carried')
        remarks.push({
          job: name,
          key,
          message:
            fate.is === 'carried'
              ? ''
              : `${fate.is === 'left' ? 'is left out' : 'is not quite the same'}: ${fate.hint}`,
        });
    }
    for (const variable of looked)
      remarks.push({ job: name, key: 'env', message: `${variable} is written as it is in this shell now` });
  }
  return {
    files: exporter.files(taken, surroundings),
    remarks,
  };
}

/** Each `tag:NAME` in `after` as the jobs that it means. */
function withTags(views: readonly JobView[]): readonly JobView[] {
  const meant = (name: string, self: JobView): readonly string[] => {
    const [, tag] = /^tag:(.+)$/.exec(name) ?? [];
    if (tag === undefined) return [name];
    return views
      .filter((each) => each !== self && each.draft.list('tags').includes(tag))
      .map((each) => each.name);
  };
  return views.map((view) => ({
    ...view,
    after: view.after.flatMap(({ job, is }) => meant(job, view).map((name) => ({ job: name, is }))),
  }));
}
