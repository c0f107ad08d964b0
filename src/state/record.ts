import { crc32 } from 'node:zlib';

/**
 * The newest version of the journal format, which this overseer reads and writes. A journal of an older
 * version is rewritten when it is opened. Version 2: `Up` and `AtRest` hold the states of a job's child,
 * `Idle` those of its test. Version 3: new names for a job's dependencies; the key `source` says where the
 * config in force was read, which an older overseer would not keep up to date.
 */
export const JOURNAL_VERSION = 3;

/** A change of one key: a new value, or deletion. */
export interface JournalChange {
  readonly key: string;
  readonly deleted: boolean;
}

const CHECKSUM = /^[0-9a-f]{8} $/;
/** Length of a checksum and the blank behind it. */
const CHECKSUM_BYTES = 9;

/** The first line. Its format is the same in every version. `boot` says in which boot the file was begun. */
export function headerLine(boot: string | undefined): string {
  return line({ v: JOURNAL_VERSION, boot });
}

export function putLine(key: string, value: unknown): string {
  if (value === undefined) throw new TypeError(`nothing to keep under ${key}`);
  return line({ k: key, v: value });
}

export function deleteLine(key: string): string {
  return line({ k: key, d: 1 });
}

/** The value of a line that `putLine` made. */
export function valueOf(text: string): unknown {
  return (JSON.parse(text.slice(CHECKSUM_BYTES)) as { v: unknown }).v;
}

/** The version in a header line; null for any other line. */
export function versionOf(bytes: Buffer): number | null {
  const version = parse(bytes)?.['v'];
  return typeof version === 'number' && Number.isInteger(version) && version >= 1 ? version : null;
}

/** The change in a line; null when the line is damaged. */
export function changeOf(bytes: Buffer): JournalChange | null {
  const record = parse(bytes);
  const key = record?.['k'];
  if (record === null || typeof key !== 'string') return null;
  if (record['d'] === 1) return { key, deleted: true };
  return 'v' in record ? { key, deleted: false } : null;
}

function line(record: object): string {
  const json = JSON.stringify(record);
  return `${checksum(json)} ${json}\n`;
}

/** The object of a line without its line end, if the checksum is right. */
function parse(bytes: Buffer): Record<string, unknown> | null {
  const head = bytes.toString('latin1', 0, CHECKSUM_BYTES);
  const json = bytes.subarray(CHECKSUM_BYTES);
  if (!CHECKSUM.test(head) || head.trimEnd() !== checksum(json)) return null;
  return object(json.toString());
}

function object(json: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function checksum(json: string | Buffer): string {
  return crc32(json).toString(16).padStart(8, '0');
}
