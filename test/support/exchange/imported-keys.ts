import { importOf } from './import-of.ts';

type Imported = ReturnType<typeof importOf>;

export interface ImportedKeys {
  /** What becomes of a file, without the remarks that every import of its kind has. */
  readonly file: (
    text: string,
    environment?: Readonly<Record<string, string>>,
    beside?: Readonly<Record<string, string>>,
  ) => Imported;
  /** What becomes of a file with one job, `web`, that has these keys. */
  readonly web: (keys: string) => Imported;
  /** The lines of the import that come from these keys of `web`. */
  readonly linesOf: (keys: string) => readonly string[];
}

/** For tools whose jobs stand below one key of a YAML file; `neutral` is a job's key without effect. */
export function importedKeys(name: string, root: string, neutral: string): ImportedKeys {
  const file: ImportedKeys['file'] = (text, environment = {}, beside = {}) => {
    const { toml, remarks } = importOf({ [name]: text }, environment, beside);
    return { toml, remarks: remarks.filter((each) => !each.startsWith('-: ')) };
  };
  const web = (keys: string): Imported => file(`${root}:\n  web:\n    command: x\n    ${keys}\n`);
  const linesOf = (keys: string): readonly string[] => {
    const before = web(neutral).toml.split('\n');
    return web(keys)
      .toml.split('\n')
      .filter((line) => !before.includes(line));
  };
  return { file, web, linesOf };
}
