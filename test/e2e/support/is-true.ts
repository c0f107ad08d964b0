import { awaited } from './home.ts';

/** Waits until something holds. */
export const isTrue = (holds: () => boolean, name: string): Promise<true> =>
  awaited(async () => holds() || null, name);
