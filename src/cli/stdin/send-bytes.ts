import { closeSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { openFifo, writeSome } from '../../files/fifo.ts';
import type { StdinOfJob } from '../../wire/messages.ts';

/** How often a full pipe is tried again, and after how long without any room it counts as not read. */
const AGAIN_MS = 20;
const PATIENCE_MS = 1_000;

export interface Sending {
  /** Called once when the pipe has been full for a while; true goes on waiting. */
  readonly goesOn?: () => boolean;
  readonly interrupted?: AbortSignal;
}

/** Null when all of it was written, else why not: a sentence without its full stop. */
export async function sendBytes(
  { job, path }: StdinOfJob,
  bytes: Uint8Array,
  { goesOn, interrupted }: Sending = {},
): Promise<string | null> {
  const opened = openFifo(path);
  if (opened.kind === 'refused') return `${job}: ${opened.why}`;
  if (opened.kind === 'nobody')
    return `${job} has no open standard input any more: \`overseer why ${job}\` says why`;
  try {
    let sent = 0;
    let fullSince = performance.now();
    let isTold = false;
    while (sent < bytes.length) {
      const written = writeSome(opened.fd, bytes.subarray(sent));
      if (written === null) return `${job} has ended and read only what came before`;
      sent += written;
      if (written > 0) fullSince = performance.now();
      else if (interrupted?.aborted === true)
        return `${job} did not read the last ${bytes.length - sent} bytes`;
      else if (!isTold && performance.now() - fullSince > PATIENCE_MS) {
        isTold = true;
        if (goesOn?.() !== true) return notRead(job, sent, bytes.length);
      } else await setTimeout(AGAIN_MS);
    }
    return null;
  } finally {
    closeSync(opened.fd);
  }
}

function notRead(job: string, sent: number, all: number): string {
  const told = sent === 0 ? 'nothing was sent' : `only ${sent} of ${all} bytes were sent`;
  return `${job} does not read its standard input, which is full: ${told}`;
}
