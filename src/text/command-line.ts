/** A command as a user would type it in a shell. */
export function commandLine({
  exe,
  args,
}: {
  readonly exe: string;
  readonly args: readonly string[];
}): string {
  return [exe, ...args]
    .map((word) =>
      /^[A-Za-z0-9_./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`,
    )
    .join(' ');
}
