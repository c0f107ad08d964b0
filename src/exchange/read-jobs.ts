import { readFileSync } from 'node:fs';
import { parse } from 'toml';
import { JobDraft, plainText, type TomlValue } from './draft.ts';

type Table = Readonly<Record<string, TomlValue>>;

/** The jobs of a config that has no problems, as they are written, with `[defaults]` filled in. */
export function readJobs(files: readonly string[]): readonly JobDraft[] {
  const documents = files.map((file) => ({ file, table: parse(readFileSync(file, 'utf8')) as Table }));
  const defaults = Object.assign({}, ...documents.map(({ table }) => table['defaults'])) as Table;
  return documents.flatMap(({ file, table }) =>
    ((table['jobs'] ?? []) as readonly Table[]).map((job) => draftOf(job, defaults, file)),
  );
}

function draftOf(job: Table, defaults: Table, file: string): JobDraft {
  const name = plainText(job['name']);
  const draft = new JobDraft(name, { file, line: 1 });
  for (const [key, value] of Object.entries({ ...defaults, ...job }))
    if (key !== 'name') draft.set(key, value);
  const env = { ...(defaults['env'] as Table | undefined), ...(job['env'] as Table | undefined) };
  if (Object.keys(env).length > 0) draft.set('env', env);
  return draft;
}
