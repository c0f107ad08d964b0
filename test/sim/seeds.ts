import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Schedule } from './schedule.ts';

/**
 * The folder of schedules that once failed, each shrunk to what is needed. A seed would tell another story
 * once the generator changes.
 */
const FOLDER = join(import.meta.dirname, 'once-failed');

export interface OnceFailed {
  /** The rule that was broken, as a sentence. */
  readonly rule: string;
  readonly file: string;
  readonly schedule: Schedule;
}

/** Every schedule that once went wrong. */
export function onceFailed(): readonly OnceFailed[] {
  return readdirSync(FOLDER)
    .toSorted()
    .map((name) => {
      const file = join(FOLDER, name);
      return {
        rule: basename(name, '.json').replaceAll('-', ' '),
        file,
        schedule: JSON.parse(readFileSync(file, 'utf8')) as Schedule,
      };
    });
}
