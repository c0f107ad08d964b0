import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { availableParallelism, userInfo } from 'node:os';
import { dirname, extname, join, resolve } from 'node:path';
import { systemWords } from '../text/system-messages.ts';
import { Import, type Remark } from './draft.ts';
import { IMPORT_FORMATS, type ImportFormat } from './format-names.ts';
import { formatOf, IMPORTERS } from './import/formats.ts';
import type { ImportSource } from './import/source.ts';
import { tomlOf } from './toml-text.ts';

export interface ImportOptions {
  readonly format: ImportFormat | null;
  /** Whether a script may be run to learn what it exports. */
  readonly trust: boolean;
  readonly home: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
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

const TRUST_TIMEOUT_MS = 30_000;

/** Reads these files of another tool, as one import. */
export function importFiles(files: readonly string[], options: ImportOptions): Imported {
  const into = new Import();
  let known: ImportFormat | null = options.format;
  for (const file of files.map((each) => resolve(each))) {
    const source = sourceOf(file, options);
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
    IMPORTERS[format](source, into);
  }
  into.finish();
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

type Refused = { readonly code: 'unreadable' | 'untrusted'; readonly message: string };

function sourceOf(file: string, { trust, home, environment }: ImportOptions): ImportSource | Refused {
  const folder = dirname(file);
  const at = (name: string): string => resolve(folder, name);
  try {
    const bytes = readFileSync(file);
    const isScript = ['.js', '.cjs', '.mjs', '.ts'].includes(extname(file));
    if (isScript && !trust)
      return {
        code: 'untrusted',
        message: `${file} is a program, which overseer runs only if you trust it: --trust`,
      };
    const text = isScript ? exportsOf(file) : bytes.toString('utf8');
    if (typeof text !== 'string') return text;
    return {
      file,
      script: isScript ? bytes.toString('utf8') : null,
      bytes,
      text,
      hasFile: (name) => existsSync(at(name)),
      other: (name) => textAt(at(name)),
      matching: (glob) => matching(at(glob)),
      env: () => textAt(at('.env')) ?? '',
      environment,
      home,
      user: userInfo().username,
      cpus: availableParallelism(),
    };
  } catch (error) {
    return { code: 'unreadable', message: `cannot read ${file}: ${systemWords(error as Error)}` };
  }
}

/** What a module exports, as JSON; it runs in a process of its own. */
function exportsOf(file: string): string | Refused {
  const program =
    'import(process.argv[1]).then((all) => process.stdout.write(JSON.stringify(all.default ?? all)))';
  const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', program, file], {
    encoding: 'utf8',
    cwd: dirname(file),
    timeout: TRUST_TIMEOUT_MS,
  });
  return status === 0
    ? stdout
    : { code: 'unreadable', message: `${file} cannot be run: ${stderr.trim().split('\n').at(-1) ?? ''}` };
}

function textAt(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // The caller reports the missing file.
    return null;
  }
}

/** The files that a glob of one level means, in name order. */
function matching(glob: string): readonly string[] {
  const folder = dirname(glob);
  const pattern = glob.slice(folder.length + 1);
  const matcher = new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '[^/]*')
      .replaceAll('?', '[^/]')}$`,
  );
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => matcher.test(name))
    .sort()
    .map((name) => join(folder, name));
}
