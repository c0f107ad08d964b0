import { closeSync, constants, fstatSync, lstatSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeFifos } from '../../os/make-fifos.ts';
import { isRefusal } from '../../os/system-error.ts';

const { O_NOFOLLOW, O_RDWR } = constants;

/** The folder of FIFOs until their runs begin; files that an earlier daemon left there are removed. */
const NEW = '.new';
const swept = new Set<string>();
let made = 0;

export type MadeStdin =
  /** The FIFO has this name until `openStdin`. */
  | { readonly ok: true; readonly fifo: string }
  /** `lasting` where another try would be useless. */
  | { readonly ok: false; readonly detail: string; readonly lasting: boolean };

/** Makes a FIFO for a run that is about to begin. */
export function makeStdin(path: string, done: (result: MadeStdin) => void): void {
  const folder = join(dirname(path), NEW);
  const fifo = join(folder, String((made += 1)));
  try {
    if (!swept.has(folder)) rmSync(folder, { recursive: true, force: true });
    swept.add(folder);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    makeFifos([fifo], (made) => {
      if (made.ok) done({ ok: true, fifo });
      else done(made.error === null ? noStdin(made.why, false) : failed(made.error));
    });
  } catch (error) {
    done(failed(error));
  }
}

/**
 * A descriptor that reads and writes the FIFO: the job that gets it is its own other end, so its input never
 * ends. From now on the FIFO has its name, in place of that of an earlier run: what that one did not read is
 * not for this one. The caller closes it. Throws the error of the file system.
 */
export function openStdin(fifo: string, path: string): number {
  const fd = openSync(fifo, O_RDWR | O_NOFOLLOW);
  try {
    if (!fstatSync(fd).isFIFO()) throw new NotAFifo(fifo);
    renameSync(fifo, path);
    return fd;
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/** Removes a FIFO that no child has; a file of the user in its place stays. */
export function forgetStdin(path: string, say: (line: string) => void = () => {}): void {
  try {
    if (lstatSync(path, { throwIfNoEntry: false })?.isFIFO() === true) rmSync(path, { force: true });
  } catch (error) {
    if (!isRefusal(error)) throw error;
    if (error.code !== 'ENOTDIR') say(`the standard input of a job cannot be removed: ${error.message}`);
  }
}

class NotAFifo extends Error {
  override readonly name = 'NotAFifo';
  readonly code = 'ENOTFIFO';
  readonly syscall = 'open';

  constructor(path: string) {
    super(`${path} is not the FIFO that was made there: something has replaced it`);
  }
}

function failed(error: unknown): MadeStdin {
  if (!isRefusal(error)) throw error;
  const { code = '' } = error;
  if (code === 'ENOENT') return noStdin('there is no mkfifo(1)', true);
  return noStdin(error.message, code === 'ENOTDIR');
}

const noStdin = (why: string, lasting: boolean): MadeStdin => ({
  ok: false,
  detail: `its standard input cannot be made: ${why}`,
  lasting,
});
