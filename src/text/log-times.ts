/** Up to `size` bytes a log had been written at a time, in milliseconds since 1970. */
export interface TimeMark {
  readonly at: number;
  readonly size: number;
  /** Nobody looked for a while before: what was written since the mark before may be older by any time. */
  readonly isLate: boolean;
}

/** One line a mark: `1769012345678 1024`, with a `~` before it where it is late. */
export function writeMark({ at, size, isLate }: TimeMark): string {
  return `${isLate ? '~' : ''}${at} ${size}\n`;
}

/** The marks of the log as it is: a size that shrinks means that those before were of another one. What is no mark is left out. */
export function readMarks(text: string): readonly TimeMark[] {
  const marks = text.split('\n').flatMap((line) => {
    const [, late, at, size] = /^(~?)(\d{1,15}) (\d{1,15})$/.exec(line) ?? [];
    return at === undefined || size === undefined
      ? []
      : [{ at: Number(at), size: Number(size), isLate: late === '~' }];
  });
  const shrunk = marks.findLastIndex((mark, index) => index > 0 && mark.size < (marks[index - 1]?.size ?? 0));
  return shrunk < 0 ? marks : marks.slice(shrunk);
}
