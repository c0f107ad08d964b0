import type { Report } from '../../wire/messages.ts';

const CURE = '`overseer die`, then `overseer`';

const WORDS = {
  ended:
    'the daemon belongs to an earlier login, so what it starts has no DNS, no keychain and no ' +
    `ssh-agent: ${CURE}`,
  'no-names':
    'the daemon finds no DNS; if this terminal does, the daemon belongs to an earlier login: ' + `${CURE}`,
} as const;

/** What a trigger says of the daemon's login session; null where nothing speaks against it. */
export function loginWords({ login }: Report): string | null {
  // A newer daemon may know other words.
  return login === undefined ? null : (WORDS[login] ?? null);
}
