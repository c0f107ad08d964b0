import type { TestTitle } from './test-titles.ts';

/** docs/evidence/tests.md: every test that a page cites, by its id. */
export function testsPage(titles: readonly TestTitle[]): string {
  const cited = titles
    .flatMap(({ id, ...rest }) => (id === null ? [] : [{ id, ...rest }]))
    .toSorted((a, b) => numberOf(a.id) - numberOf(b.id));
  const next = numberOf(cited.at(-1)?.id ?? 'T-0') + 1;
  const rows = cited.map(
    ({ id, file, sentence }) => `| ${id} | ${sentence.replaceAll('|', '\\|')} | ${link(file)} |`,
  );
  return `# Tests

The tests that the pages of this folder cite. \`npm run docs\` makes this page from the titles of the tests. A test keeps its id when it
is moved or renamed. \`%s\` and \`$name\` in a title stand for several cases. The next free id is T-${next}. To run one test:

\`\`\`
$ npm run build && npm run jest -- -t 'T-17 '
\`\`\`

| id | what it shows | file |
| --- | --- | --- |
${rows.join('\n')}
`;
}

const numberOf = (id: string): number => Number(id.slice(2));

function link(file: string): string {
  return `[${file.replace(/^test\//, '').replace(/\.test\.ts$/, '')}](../../${file})`;
}
