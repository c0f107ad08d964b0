// Control characters of both kinds, and those that turn the direction of writing.
// oxlint-disable-next-line no-control-regex -- finding them is the point
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;
const NAMES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\u001b': '\\e' };

/** One line of text from somewhere else, made safe to show: a terminal would obey what stands in it. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (found) => NAMES[found] ?? `\\u{${found.charCodeAt(0).toString(16)}}`);
}

/** The lines of a text from somewhere else, each made safe to show. */
export function printableLines(text: string): readonly string[] {
  return text
    .replace(/\r?\n$/, '')
    .split(/\r?\n/)
    .map((line) => printable(line.replaceAll('\t', '    ')));
}

/** JSON in which nothing is left that a terminal would obey. */
export function printableJson(value: unknown, indent = 2): string {
  // oxlint-disable-next-line no-control-regex -- finding them is the point
  return JSON.stringify(value, null, indent).replace(
    /[\u007f-\u009f]/g,
    (found) => `\\u00${found.charCodeAt(0).toString(16)}`,
  );
}
