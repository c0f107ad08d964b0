import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BOUNDS } from '../composition/bounds.ts';
import type { GapCase } from '../composition/gaps.ts';
import { counterExample, GAPS } from '../composition/gaps.ts';
import { storyInWords } from '../composition/story.ts';
import { MUTANTS } from '../mutants/mutants.ts';

export const FINDINGS = 'docs/evidence/findings.md';

/** Which layer of tests found a mutant, and by what; null when none did. */
export type Kill = { readonly layer: string; readonly by: string } | null;

/** The page with its stories made anew; null when there is no page to put them in. */
export function findingsPage(root: string): string | null {
  const path = join(root, FINDINGS);
  return existsSync(path)
    ? withSection(readFileSync(path, 'utf8'), 'composition', compositionSection())
    : null;
}

/** A page with other text between the marks of a section. */
function withSection(page: string, name: string, text: string): string {
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [page.indexOf(start), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${FINDINGS} has no place for ${name}: ${start} … ${end}`);
  return `${page.slice(0, from + start.length)}\n${text}\n${page.slice(to)}`;
}

/** The page with one row a mutant: those that were tried now, and the others as the page has them. */
export function withKills(page: string, kills: ReadonlyMap<string, Kill>): string {
  const rows = MUTANTS.map(({ name, file, why }) => {
    const kill = kills.get(name);
    if (kill === undefined) return rowOf(page, name);
    return [`\`${name}\``, `${file}: ${why}`, kill?.layer ?? '**survived**', kill?.by ?? ''];
  });
  return withSection(
    page,
    'mutants',
    `\n${table(['mutant', 'what it breaks', 'killed by', 'because'], rows)}`,
  );
}

function rowOf(page: string, name: string): readonly string[] {
  const row = page.split('\n').find((line) => line.startsWith(`| \`${name}\` |`));
  return row === undefined
    ? [`\`${name}\``, '', '**not tried**', '']
    : row.slice(2, -2).replaceAll('\\|', '|').split(' | ');
}

function compositionSection(): string {
  const bounds = BOUNDS.map(({ asked, starts, faults, counts }) => [
    asked.join(' and '),
    starts.join(', '),
    String(faults),
    counts.states.toLocaleString('en'),
    counts.edges.toLocaleString('en'),
  ]);
  return [
    '',
    table(['asked', 'begins with', 'faults', 'states', 'edges'], bounds),
    '### The specification taken literally',
    '',
    ...GAPS.map(gapInWords),
  ].join('\n');
}

function gapInWords(gapCase: GapCase): string {
  const { gap, literal, refinement } = gapCase;
  const violation = counterExample(gapCase);
  if (violation === null) throw new Error(`${gap}: the specification's text breaks no rule`);
  const { rule, story, round } = violation;
  const around = round.length === 0 ? [] : ['', 'And from there, for ever:', '', ...storyInWords(round)];
  const title = `#### ${gap.slice(0, 1).toUpperCase()}${gap.slice(1)}`;
  return [
    title,
    '',
    `The text: ${literal}.`,
    '',
    ...storyInWords(story),
    ...around,
    '',
    `What goes wrong: ${rule}. In overseer: ${refinement}.`,
    '',
  ].join('\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line), ''].join('\n');
}
