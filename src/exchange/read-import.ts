import { resolve } from 'node:path';
import { Import, type Remark } from './draft.ts';
import { IMPORT_FORMATS, type ImportFormat } from './format-names.ts';
import { formatOf, IMPORTERS } from './import/formats.ts';
import type { ImportSource } from './import/source.ts';
import { readSource, type SourceOptions } from './read-source.ts';
import { leaveOutUnsound } from './sound.ts';
import { tomlOf } from './toml-text.ts';
import { problemsOf } from './written.ts';

export interface ImportOptions extends SourceOptions {
  readonly format: ImportFormat | null;
  /** What `env` may refer to. */
  readonly base?: Readonly<Record<string, string>>;
}

export type Imported =
  | {
      readonly ok: true;
      readonly format: ImportFormat;
      readonly toml: string;
      readonly jobs: readonly string[];
      readonly remarks: readonly Remark[];
    }
  | {
      readonly ok: false;
      readonly code: 'unreadable' | 'unknown-format' | 'untrusted' | 'no-jobs';
      readonly message: string;
      readonly remarks: readonly Remark[];
    };

/** Reads these files of another tool, as one import. */
export function importFiles(files: readonly string[], options: ImportOptions): Imported {
  const into = new Import();
  let known: ImportFormat | null = options.format;
  for (const file of files.map((each) => resolve(each))) {
    const source = readSource(file, options);
    if ('message' in source) return { ok: false, ...source, remarks: [] };
    const format = options.format ?? formatOf(file, source.text);
    if (format === null)
      return {
        ok: false,
        code: 'unknown-format',
        message:
          `${file} is in no format that overseer knows: name one of ${IMPORT_FORMATS.join(', ')} by ` +
          '--from',
        remarks: [],
      };
    known = format;
    tellOtherEncoding(source, into);
    IMPORTERS[format](source, into);
  }
  into.finish();
  leaveOutUnsound(into, (drafts) =>
    problemsOf(tomlOf(drafts), {
      home: options.home,
      ...(options.base !== undefined && { base: options.base }),
    }),
  );
  if (known === null || into.drafts.length === 0)
    return {
      ok: false,
      code: 'no-jobs',
      message: 'there is nothing in it that could be a job',
      remarks: into.remarks,
    };
  return {
    ok: true,
    format: known,
    toml: tomlOf(into.drafts),
    jobs: into.drafts.map(({ name }) => name),
    remarks: into.remarks,
  };
}

/** Bytes that are not UTF-8 became replacement characters, which would change a command unnoticed. */
function tellOtherEncoding({ file, text, script }: ImportSource, into: Import): void {
  const at = (script ?? text).indexOf('\uFFFD');
  if (at < 0 || text.startsWith('bplist')) return;
  const line = (script ?? text).slice(0, at).split('\n').length;
  into.remark(
    { file, line },
    'this is not UTF-8, so some of its letters are lost: convert the file by iconv',
  );
}
