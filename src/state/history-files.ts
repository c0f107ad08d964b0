import { closeSync, constants, fstatSync, mkdirSync, readSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { openOwn, readRegular } from '../files/regular-file.ts';
import { isRefusal } from '../os/system-error.ts';

/** At this length a file is written anew with what is still to be remembered. */
const MOST_BYTES = 64 * 1024;
/**
 * The size to which a file is trimmed, which leaves room to append: 120 lines of 400 bytes, twice the usual
 * length.
 */
const ANEW_BYTES = 48 * 1024;

const NEWLINE = 10;
const { O_APPEND, O_CREAT, O_RDWR, O_TRUNC, O_WRONLY } = constants;

/**
 * What each job has been through, in lines. It is a record for people: what the disk refuses is lost, and
 * nothing waits for it.
 */
export interface HistoryFiles {
  append(instance: string, lines: readonly string[]): void;
  /** Oldest first. A line that a crash cut short is among them. */
  read(instance: string): readonly string[];
  remove(instance: string): void;
}

export interface HistoryFilesOptions {
  readonly dir: string;
  /** Of the lines of a file that has become too long, those that stay. */
  readonly trim: (lines: readonly string[]) => readonly string[];
  readonly log: { readonly line: (text: string) => void };
}

/**
 * One file an instance, appended to and not synced: a crash of the daemon loses nothing of it, one of the
 * machine the last seconds.
 */
export function historyFiles({ dir, trim, log }: HistoryFilesOptions): HistoryFiles {
  const path = (instance: string): string => join(dir, instance);
  let isTold = false;
  const attempt = <T>(instance: string, otherwise: T, act: () => T): T => {
    try {
      return act();
    } catch (error) {
      if (!isRefusal(error)) throw error;
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return otherwise;
      if (!isTold) log.line(`history of ${instance}: ${error.message}; what the disk refuses of it is lost`);
      isTold = true;
      return otherwise;
    }
  };
  const read = (instance: string): readonly string[] =>
    attempt(instance, [], () => linesOf(readRegular(path(instance), 4 * MOST_BYTES).toString('utf8')));
  const append = (instance: string, text: string): number => {
    const fd = openOwn(path(instance), O_RDWR | O_APPEND | O_CREAT);
    try {
      const { size } = fstatSync(fd);
      const whole = endsInTheMiddle(fd, size) ? `\n${text}` : text;
      return size + writeSync(fd, whole);
    } finally {
      closeSync(fd);
    }
  };
  const shorten = (instance: string): void => {
    const left = [...trim(read(instance))];
    // Long lines are rare: the oldest give way.
    while (Buffer.byteLength(left.join('\n')) > ANEW_BYTES) left.splice(0, Math.ceil(left.length / 4));
    // No instance is called so: a name begins with a letter or a digit.
    const temporary = join(dir, `.${instance}`);
    const fd = openOwn(temporary, O_WRONLY | O_CREAT | O_TRUNC);
    try {
      writeSync(fd, left.map((line) => `${line}\n`).join(''));
    } finally {
      closeSync(fd);
    }
    renameSync(temporary, path(instance));
  };
  return {
    read,
    append: (instance, lines) =>
      attempt(instance, undefined, () => {
        const text = lines.map((line) => `${line}\n`).join('');
        const size = inFolder(dir, () => append(instance, text));
        if (size > MOST_BYTES) shorten(instance);
      }),
    remove: (instance) => attempt(instance, undefined, () => rmSync(path(instance))),
  };
}

/** The folder is made when it is first missed. */
function inFolder<T>(dir: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    mkdirSync(dir, { mode: 0o700 });
    return act();
  }
}

/** A crash of the machine may have cut the last line short. */
function endsInTheMiddle(fd: number, size: number): boolean {
  const last = Buffer.of(NEWLINE);
  if (size > 0) readSync(fd, last, 0, 1, size - 1);
  return last[0] !== NEWLINE;
}

const linesOf = (text: string): readonly string[] => text.split('\n').filter((line) => line !== '');
