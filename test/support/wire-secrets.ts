import { randomBytes } from 'node:crypto';
import { INSTANCE, TOKEN } from '../../src/wire/socket-file.ts';

/** A token as a daemon makes it. */
export const newToken = (): string => randomBytes(TOKEN.bytes).toString('hex');

/** The mark of a daemon's instance. */
export const newInstance = (): string => randomBytes(INSTANCE.bytes).toString('hex');
