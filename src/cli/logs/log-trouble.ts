import { closeSync, constants } from 'node:fs';
import { leadsNowhere } from '../../files/open-log-file.ts';
import { openRegular } from '../../files/regular-file.ts';

/** Why a log cannot be read, as a sentence; null if it can be, if there is none, and if nobody wants one. */
export function logTrouble(path: string): string | null {
  try {
    closeSync(openRegular(path, constants.O_RDONLY));
    return null;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return code === 'ENOENT' || leadsNowhere(path) ? null : message;
  }
}
