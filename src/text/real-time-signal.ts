/** A real-time signal, counted from the first one as kill(1) does. They have no name in Node. */
export type RealTimeSignal = `SIGRTMIN+${number}`;

/** The first real-time signal that Linux's C library leaves to programs. macOS has none. */
const FIRST = 34;
const LAST = 64;
const COUNT = LAST - FIRST;

/** For `34`, `RTMIN`, `SIGRTMIN+2` and `RTMAX-1`; null for anything else, and where the system has none. */
export function realTimeSignal(word: string, platform: string = process.platform): RealTimeSignal | null {
  if (platform !== 'linux') return null;
  const offset = offsetOf(word);
  return offset !== null && offset >= 0 && offset <= COUNT ? `SIGRTMIN+${offset}` : null;
}

function offsetOf(word: string): number | null {
  if (/^\d{1,2}$/.test(word)) return Number(word) - FIRST;
  const after = /^(?:SIG)?RTMIN(?:\+(\d{1,2}))?$/i.exec(word);
  if (after !== null) return Number(after[1] ?? 0);
  const before = /^(?:SIG)?RTMAX(?:-(\d{1,2}))?$/i.exec(word);
  return before === null ? null : COUNT - Number(before[1] ?? 0);
}

/** The number for kill(2). */
export function realTimeNumber(signal: RealTimeSignal): number {
  return FIRST + Number(signal.slice('SIGRTMIN+'.length));
}
