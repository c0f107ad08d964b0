import type { Output } from '../output.ts';
import { displayWidth, pad } from '../render/display-width.ts';
import { painted, type Look } from '../render/look.ts';
import { NamePaints } from '../render/name-paints.ts';
import { LineWriter, type LineFormat } from './line-writer.ts';
import type { LogsSink } from './print-logs.ts';

export interface SinkWanted {
  readonly out: Output;
  readonly look: Look;
  readonly names: readonly string[];
  readonly json: boolean;
  /** One log alone is passed on byte for byte. */
  readonly isSingle: boolean;
}

/** How the logs are written: as they are, as JSON, or each line after the name of its job. */
export function sinkFor({ out, look, names, json, isSingle }: SinkWanted): LogsSink {
  if (json) return new LineWriter(out, asJson);
  if (!isSingle) return new LineWriter(out, afterName(names, look));
  return { write: (_, bytes) => out.write(bytes), flush: () => Promise.resolve(true) };
}

const asJson: LineFormat = (job, line) => `${JSON.stringify({ job, line: line.toString('utf8') })}\n`;

/** The bytes of the line stay as they are. */
function afterName(names: readonly string[], look: Look): LineFormat {
  const nameColumn = nameColumnOf(names, look);
  return (name, line) => Buffer.concat([Buffer.from(`${nameColumn(name)} | `), line, Buffer.from('\n')]);
}

/** Names in a column, each in a colour of its own. */
export function nameColumnOf(names: readonly string[], look: Look): (name: string) => string {
  const paints = new NamePaints(names);
  const width = names.reduce((most, name) => Math.max(most, displayWidth(name)), 0);
  return (name) => painted(pad(name, width), paints.of(name), look);
}
