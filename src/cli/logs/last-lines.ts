import { logOf } from '../../data-folder.ts';
import { LogTail } from './log-tail.ts';

/** Of lines without an end only so much is shown. */
const MOST_BYTES = 64 * 1024;

/** How many of the last lines explain a job. */
const LINES_SHOWN = 10;

/** The last lines that a job printed; none where it has no log. */
export function lastLines(dir: string, name: string, lines = LINES_SHOWN): readonly string[] {
  const tail = new LogTail(logOf(dir, name));
  tail.begin({ lines, since: -Infinity });
  const parts: Buffer[] = [];
  for (let chunk = tail.next(); chunk !== null; chunk = tail.next()) parts.push(chunk.bytes);
  tail.end();
  const text = Buffer.concat(parts).subarray(-MOST_BYTES).toString('utf8').replace(/\n$/, '');
  return text === '' ? [] : text.split('\n').slice(-lines);
}
