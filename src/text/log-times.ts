/** Up to `size` bytes a log had been written at a time, in milliseconds since 1970. */
export interface TimeMark {
  readonly at: number;
  readonly size: number;
  /** The log was not polled for a while before this mark, so bytes before it may be much older. */
  readonly isLate: boolean;
}

/** One line per mark: `1769012345678 1024`, with a `~` in front of a late mark. */
export function writeMark({ at, size, isLate }: TimeMark): string {
  return `${isLate ? '~' : ''}${at} ${size}\n`;
}

/**
 * The marks of the current log. When the size shrinks, the marks before belong to an older log. Invalid lines
 * are skipped.
 */
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
