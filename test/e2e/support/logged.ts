import { awaited } from './home.ts';
import { home } from './fresh-home.ts';

/** Waits until a log holds each of these. */
export async function logged(name: string, ...texts: readonly string[]): Promise<void> {
  await awaited(
    async () => (texts.every((text) => home.log(name).includes(text)) ? true : null),
    `${texts.join(', ')} in the log of ${name}`,
  );
}
