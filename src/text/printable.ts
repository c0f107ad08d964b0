// Control characters, and format characters that change the direction of writing or are invisible.
const UNPRINTABLE =
  // oxlint-disable-next-line no-control-regex -- finding them is the point
  /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;
const NAMES: ReadonlyMap<string, string> = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\u001b', '\\e'],
]);

/** Makes one line of foreign text safe to print: a terminal would obey control characters. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (found) => NAMES.get(found) ?? `\\u{${found.charCodeAt(0).toString(16)}}`);
}

/** The lines of a text from somewhere else, each made safe to show. */
export function printableLines(text: string): readonly string[] {
  return text
    .replace(/\r?\n$/, '')
    .split(/\r?\n/)
    .map((line) => printable(line.replaceAll('\t', '    ')));
}

/** JSON in which nothing is left that a terminal would obey: the same characters, escaped as JSON has it. */
export function printableJson(value: unknown, indent = 2): string {
  return JSON.stringify(value, null, indent).replace(UNPRINTABLE, (found) =>
    found === '\n' ? found : `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
