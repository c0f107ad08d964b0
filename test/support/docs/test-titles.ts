import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

export interface TestTitle {
  readonly file: string;
  /** The rules that it begins with. */
  readonly ids: readonly string[];
  /** What follows them. */
  readonly sentence: string;
}

const TITLE = /(?:\b(?:test|it)|\))\(\s*(['"`])((?:\\.|(?!\1)[^\\\n])*)\1\s*,/g;
const IDS = /^((?:[CDJR]-\d+ )*)(.*)$/;

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
    const [, ids = '', sentence = ''] = IDS.exec(written.replace(/\\(.)/g, '$1')) ?? [];
    return { file, ids: ids.split(' ').filter((id) => id !== ''), sentence };
  });
}
