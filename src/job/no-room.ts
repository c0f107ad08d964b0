/** The codes of a system that has no descriptors, memory or processes left just now. */
const CODES = new Set(['EMFILE', 'ENFILE', 'ENOMEM', 'EAGAIN']);

/** Whether the system had no room to do something, which tells nothing of what it was asked about. */
export function isOfNoRoom(error: unknown): boolean {
  return CODES.has((error as NodeJS.ErrnoException).code ?? '');
}

/** In place of an answer, where the system had no room for the question. */
export class NoRoom {
  readonly detail: string;

  constructor(detail: string) {
    this.detail = detail;
  }
}
