import { clockText, dayText } from '../../text/local-time.ts';
import type { Output } from '../terminal/output.ts';
import { printableJson } from '../../text/printable.ts';
import { displayWidth, fitInside, pad } from '../../text/display-width.ts';
import { styled, type RenderContext } from '../terminal/render-context.ts';
import { NamePaints } from '../terminal/name-paints.ts';
import type { LineTime } from './line-times.ts';
import { LineWriter, type LineFormat } from './line-writer.ts';
import type { LineFilter } from './merged-lines.ts';
import type { LogsSink } from './print-logs.ts';

export interface SinkWanted {
  readonly out: Output;
  readonly context: RenderContext;
  readonly names: readonly string[];
  readonly json: boolean;
  /** One log alone is passed on byte for byte, or at least without its name. */
  readonly isSingle: boolean;
  readonly withTimes: boolean;
  /** Lines that are not shown. */
  readonly isShown?: LineFilter | undefined;
}

/**
 * How the logs are written: as they are, as JSON, or each line after the name of its job, its time, or both.
 */
export function sinkFor({ out, context, names, json, isSingle, withTimes, isShown }: SinkWanted): LogsSink {
  const filtered = (format: LineFormat): LineFormat =>
    isShown === undefined
      ? format
      : (name, line, time) => (isShown(line, time) ? format(name, line, time) : '');
  if (json) return new LineWriter(out, filtered(asJson(withTimes)));
  if (isSingle && !withTimes && isShown === undefined)
    return { write: (_, { bytes }) => out.write(bytes), flush: () => Promise.resolve(true) };
  const nameColumn = nameColumnOf(names, context);
  const begin = (name: string): string => (isSingle ? '' : `${nameColumn(name)} | `);
  const timeColumn = (time: LineTime): string => styled(`${lineTimeText(time)} `, 'dim', context);
  // The bytes of the line stay as they are.
  return new LineWriter(
    out,
    filtered((name, line, time) =>
      Buffer.concat([
        Buffer.from(begin(name) + (withTimes ? timeColumn(time()) : '')),
        begin('') === '' ? line : lastShown(line),
        NEWLINE,
      ]),
    ),
  );
}

const NEWLINE = Buffer.from('\n');
const RETURN = 13;

/**
 * What a terminal shows of a line in the end: a progress bar goes back to the first column, where the name
 * stands.
 */
function lastShown(line: Buffer): Buffer {
  let end = line.length;
  while (end > 0 && line[end - 1] === RETURN) end -= 1;
  return line.subarray(line.lastIndexOf(RETURN, end - 1) + 1, end);
}

function asJson(withTimes: boolean): LineFormat {
  return (job, line, time) => {
    const at = withTimes ? { at: new Date(time().at).toISOString() } : {};
    return `${printableJson({ job, ...at, line: line.toString('utf8') }, 0)}\n`;
  };
}

/** `2026-11-23 14:20:29` in local time, with a `~` before it where it may be older. */
function lineTimeText({ at, isExact }: LineTime): string {
  const time = new Date(at);
  return `${isExact ? '' : '~'}${dayText(time)} ${clockText(time)}`;
}

/** The column of names takes at most this share of the width, but always at least `LEAST_NAME` columns. */
const NAME_SHARE = 0.3;
const LEAST_NAME = 12;

/** A column of names, each in its own colour. */
export function nameColumnOf(names: readonly string[], context: RenderContext): (name: string) => string {
  const paints = new NamePaints(names);
  const widest = names.reduce((most, name) => Math.max(most, displayWidth(name)), 0);
  const width = Math.min(widest, Math.max(LEAST_NAME, Math.floor(context.columns * NAME_SHARE)));
  return (name) =>
    styled(
      pad(context.columns === Infinity ? name : fitInside(name, width), width),
      paints.of(name),
      context,
    );
}
