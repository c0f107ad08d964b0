import { OVERSEER } from './home.ts';
import { Tmux } from './tmux.ts';

export const SMALL = { columns: 80, rows: 24 };

/** The config of a job that starts at once. */
export const job = (name: string, more = '', command = 'sleep 1000'): string =>
  `[[jobs]]\nname = "${name}"\njob_command = "${command}"\nstart_seconds = 0.1\n${more}\n`;

let terminal: Tmux | null = null;
/** Ends the terminal of the last `top`. */
export function closeTop(): void {
  terminal?.close();
  terminal = null;
}

/** A terminal that closeTop ends. */
export function openTerminal(
  size: Readonly<{ columns: number; rows: number }>,
  env: Readonly<Record<string, string>> = {},
): Tmux {
  terminal = new Tmux(size, env);
  return terminal;
}

/** `overseer top` on a terminal, with its table drawn; afterwards the shell says `code N`. */
export async function top(
  words = '',
  size = SMALL,
  env: Readonly<Record<string, string>> = {},
): Promise<Tmux> {
  const screen = openTerminal(size, env);
  screen.type(`${process.execPath} ${OVERSEER} top ${words}; echo code $?`);
  screen.press('Enter');
  await screen.until(/NAME +STATE/);
  return screen;
}
