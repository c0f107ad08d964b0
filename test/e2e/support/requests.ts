import { awaited } from './home.ts';
import { home } from './fresh-home.ts';

/** Waits until the daemon has received this many requests. */
export const requests = (count: number): Promise<true> =>
  awaited(
    async () =>
      home
        .daemons()
        .at(-1)
        ?.filter(({ to }) => to === 'SendResponse').length === count || null,
    `${count} requests`,
  );
