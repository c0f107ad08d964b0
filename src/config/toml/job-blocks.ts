/** A text cut where each `[[jobs]]` table begins: what is above the first one, and the tables. */
export interface JobBlocks {
  readonly head: string;
  readonly blocks: readonly string[];
}

/** A line that may be the header of a table. In TOML only a line feed ends a line. */
const HEADERS = /(?<=^|\n)[ \t]*\[[^\n]*/g;
const JOB = /^[ \t]*\[\[jobs\]\]/;
const PART_OF_JOB = /^[ \t]*\[\[?jobs\./;

/**
 * Null where it takes a parser to find the tables: a string of several lines may hold anything, and a line
 * that begins with a bracket may belong to an array, or to a table that is no part of a job.
 */
export function jobBlocks(text: string): JobBlocks | null {
  if (text.includes('"""') || text.includes("'''")) return null;
  const begins: number[] = [];
  for (const { 0: line, index } of text.matchAll(HEADERS)) {
    if (JOB.test(line)) begins.push(index);
    else if (begins.length > 0 && !PART_OF_JOB.test(line)) return null;
  }
  return {
    head: text.slice(0, begins[0]),
    blocks: begins.map((begin, index) => text.slice(begin, begins[index + 1])),
  };
}
