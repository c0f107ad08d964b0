/** One `key = value` of a section, with the line where it begins. */
export interface IniEntry {
  readonly key: string;
  readonly value: string;
  readonly line: number;
}

export interface IniSection {
  readonly name: string;
  readonly line: number;
  readonly entries: readonly IniEntry[];
}

export interface IniReading {
  readonly sections: readonly IniSection[];
  /** Lines that are none. */
  readonly strays: readonly { readonly line: number; readonly text: string }[];
}

/**
 * The dialects of supervisord and systemd, with the line of each entry, which no parser of a registry tells.
 * In supervisord's, an indented line goes on with the value before it, and ` ;` begins a comment; in
 * systemd's, a backslash at the end of a line does, and a key may come again.
 */
export function readIni(text: string, dialect: 'supervisord' | 'systemd'): IniReading {
  const sections: { name: string; line: number; entries: IniEntry[] }[] = [];
  const strays: { line: number; text: string }[] = [];
  for (const { line, text: one } of dialect === 'systemd' ? joined(text) : continued(text)) {
    const section = /^\s*\[(.+)\]\s*$/.exec(one)?.[1];
    const [, key, value = ''] = /^\s*([^=:\s[][^=:]*?)\s*[=:]\s*([^]*)$/.exec(one) ?? [];
    const [, plainKey, plainValue = ''] = /^\s*([^=\s[][^=]*?)\s*=\s*([^]*)$/.exec(one) ?? [];
    if (section !== undefined) sections.push({ name: section, line, entries: [] });
    else if (sections.length === 0) strays.push({ line, text: one.trim() });
    else if (dialect === 'systemd' && plainKey !== undefined)
      sections.at(-1)?.entries.push({ key: plainKey, value: plainValue.trim(), line });
    else if (dialect === 'supervisord' && key !== undefined)
      sections.at(-1)?.entries.push({ key: key.toLowerCase(), value: value.trim(), line });
    else strays.push({ line, text: one.trim() });
  }
  return { sections, strays };
}

interface Line {
  readonly line: number;
  readonly text: string;
}

function joined(text: string): readonly Line[] {
  const lines: { line: number; text: string; isOpen: boolean }[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const last = lines.at(-1);
    if (/^\s*([#;]|$)/.test(line)) {
      if (last !== undefined && line.trim() === '') last.isOpen = false;
      continue;
    }
    const isOpen = line.endsWith('\\');
    const part = isOpen ? line.slice(0, -1) : line;
    if (last?.isOpen === true) Object.assign(last, { text: `${last.text} ${part.trim()}`, isOpen });
    else lines.push({ line: index + 1, text: part, isOpen });
  }
  return lines;
}

function continued(text: string): readonly Line[] {
  const lines: { line: number; text: string }[] = [];
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.replace(/(^|\s);.*$/, '$1').trimEnd();
    if (line.trim() === '' || /^\s*#/.test(raw)) continue;
    const last = lines.at(-1);
    if (/^\s/.test(line) && last !== undefined && !/^\s*\[/.test(last.text))
      last.text = `${last.text}\n${line.trim()}`;
    else lines.push({ line: index + 1, text: line });
  }
  return lines;
}
