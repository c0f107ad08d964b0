import { createInterface, type Interface } from 'node:readline';
import type { Output } from '../terminal/output.ts';

const LEAVE = '\u001d';
/** The longest text before the typed line that is still taken for a prompt. */
const PROMPT_CHARACTERS = 1_000;
const ERASE_BELOW = '\u001b[J';

/** What somebody types, and the output that appears meanwhile. */
export interface Typed {
  /** For what the job prints. */
  readonly out: Output;
  end(): void;
}

export interface Typing {
  readonly out: Output;
  /** Resolves when the next bytes may come. */
  readonly onBytes: (bytes: Buffer) => Promise<void>;
  readonly onLeave: () => void;
}

/** Reads lines at a terminal, with the keys that a shell has; Ctrl-], Ctrl-C and Ctrl-D leave. */
export function typedAtTerminal({ out, onBytes, onLeave }: Typing): Typed {
  const { stdin, stdout } = process;
  const reader = createInterface({ input: stdin, output: stdout, terminal: true, prompt: '' });
  const screen = new Screen(reader, out);
  let before = Promise.resolve();
  const onKey = (_: string | undefined, { sequence }: { readonly sequence?: string }): void => {
    if (sequence === LEAVE) onLeave();
  };
  stdin.on('keypress', onKey);
  reader.on('line', (line) => {
    screen.begin();
    // Lines are sent in order, even if one of them waits for room in the pipe.
    before = before.then(() => onBytes(Buffer.from(`${line.replaceAll(LEAVE, '')}\n`)));
  });
  reader.on('SIGINT', onLeave);
  reader.on('close', onLeave);
  return {
    out: { ...plain(out), write: (data) => screen.write(data) },
    end: () => {
      stdin.off('keypress', onKey);
      // This restores the settings of the terminal.
      reader.close();
    },
  };
}

/** The end of what the job has printed, if that is no whole line, is the prompt before what is typed. */
class Screen {
  readonly #reader: Interface;
  readonly #out: Output;
  #prompt = '';

  constructor(reader: Interface, out: Output) {
    this.#reader = reader;
    this.#out = out;
  }

  /** A line was sent, and the cursor is at the beginning of the next. */
  begin(): void {
    this.#prompt = '';
    this.#reader.setPrompt('');
  }

  async write(data: string | Uint8Array): Promise<boolean> {
    const text = this.#prompt + Buffer.from(data).toString('utf8');
    const end = text.lastIndexOf('\n') + 1;
    const rest = text.slice(end);
    const isPrompt = rest.length <= PROMPT_CHARACTERS;
    const { rows } = this.#reader.getCursorPos();
    const up = rows > 0 ? `\u001b[${rows}A` : '';
    const isRead = await this.#out.write(
      `${up}\r${ERASE_BELOW}${isPrompt ? text.slice(0, end) : `${text}\n`}`,
    );
    this.#prompt = isPrompt ? rest : '';
    this.#reader.setPrompt(this.#prompt);
    this.#reader.prompt(true);
    return isRead;
  }
}

/** Passes on what comes from a pipe or a file; a Ctrl-] in it leaves. */
export function typedElsewhere({ out, onBytes, onLeave }: Typing): Typed {
  const { stdin } = process;
  const pass = async (chunk: Buffer): Promise<void> => {
    stdin.pause();
    const end = chunk.indexOf(LEAVE);
    if (end !== 0) await onBytes(end < 0 ? chunk : chunk.subarray(0, end));
    if (end >= 0) onLeave();
    else stdin.resume();
  };
  stdin.on('data', (chunk: Buffer) => void pass(chunk));
  return { out, end: () => stdin.destroy() };
}

function plain({ isTerminal, columns, rows, trouble }: Output): Omit<Output, 'write'> {
  return { isTerminal, columns, rows, trouble };
}
