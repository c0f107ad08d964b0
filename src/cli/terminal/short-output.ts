import { fstatSync, statSync, writeSync } from 'node:fs';
import type { WriteStream } from 'node:tty';
import { systemWords } from '../../text/system-messages.ts';
import { outputOf, type Output } from './output.ts';

/**
 * The output of a command that prints once and ends. A file, a pipe and /dev/null are written to directly:
 * making Node's stream takes longer than the writing. The stream is made for a terminal, and where a pipe
 * does not wait.
 */
export function shortOutput(descriptor: number, stream: () => WriteStream): Output {
  if (!isNoTerminal(descriptor)) return outputOf(stream());
  let streamed: Output | null = null;
  let isGone = false;
  let trouble: string | null = null;
  return {
    get trouble() {
      return trouble ?? streamed?.trouble ?? null;
    },
    isTerminal: false,
    columns: Infinity,
    rows: Infinity,
    write: (data) => {
      if (streamed !== null) return streamed.write(data);
      let left = Buffer.from(data);
      try {
        while (!isGone && left.length > 0) left = left.subarray(writeSync(descriptor, left));
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === 'EAGAIN') return (streamed = outputOf(stream())).write(left);
        isGone = true;
        if (code !== 'EPIPE') trouble = systemWords(error as Error);
      }
      return Promise.resolve(!isGone);
    },
  };
}

function isNoTerminal(descriptor: number): boolean {
  try {
    const found = fstatSync(descriptor);
    if (found.isCharacterDevice()) return found.rdev === statSync('/dev/null').rdev;
    return found.isFile() || found.isFIFO() || found.isSocket();
  } catch {
    // It is closed, which a stream of Node's takes in its own way.
    return false;
  }
}
