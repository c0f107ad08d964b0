import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

export interface TestTitle {
  readonly file: string;
  /** The id by which pages cite the test, such as `T-17`; null for one that no page cites. */
  readonly id: string | null;
  /** The rules that it tests. */
  readonly rules: readonly string[];
  /** What follows these ids. */
  readonly sentence: string;
}

const TITLE = /(?:\b(?:test|it|inBrowser)|\))\(\s*(['"`])((?:\\.|(?!\1)[^\\\n])*)\1\s*,/g;
const IDS = /^(?:(T-\d+) )?((?:[CDHJR]-\d+ )*)(.*)$/;

/** The titles of all tests below a folder, as they are written. */
export function testTitles(root: string, folder = 'test'): readonly TestTitle[] {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.test.ts'),
  );
  return files
    .toSorted()
    .flatMap((file) =>
      titlesIn(relative(root, join(root, folder, file)), readFileSync(join(root, folder, file), 'utf8')),
    );
}

function titlesIn(file: string, source: string): readonly TestTitle[] {
  return [...source.matchAll(TITLE)].map(([, , written = '']) => {
    const [, id = null, rules = '', sentence = ''] = IDS.exec(written.replace(/\\(.)/g, '$1')) ?? [];
    return { file, id, rules: rules.split(' ').filter((rule) => rule !== ''), sentence };
  });
}
