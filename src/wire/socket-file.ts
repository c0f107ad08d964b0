/**
 * The content of the socket file: where the daemon listens, and the secret by which both sides prove
 * themselves.
 */
export interface SocketFile {
  /**
   * WIRE_VERSION of the daemon that wrote the file. Informative only: the handshake reports the version with
   * proof.
   */
  readonly version: number;
  readonly host: '127.0.0.1';
  readonly port: number;
  readonly pid: number;
  /** New at each start of the daemon; hexadecimal. */
  readonly token: string;
  /** Which daemon this is; new at each start, no secret; hexadecimal. */
  readonly instance: string;
}

export const TOKEN = { bytes: 32, pattern: /^[0-9a-f]{64}$/ } as const;
export const INSTANCE = { bytes: 16, pattern: /^[0-9a-f]{32}$/ } as const;

/** One line of JSON. Its `token` is the secret followed by the instance. */
export function formatSocketFile(file: SocketFile): string {
  const { version, host, port, pid, token, instance } = file;
  return `${JSON.stringify({ version, host, port, pid, token: `${token}.${instance}` })}\n`;
}

/** Null for text that no complete write of a daemon produces. Keys of later versions are ignored. */
export function parseSocketFile(text: string): SocketFile | null {
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null) return null;
  const { version, host, port, pid, token: both } = value as Record<string, unknown>;
  if (host !== '127.0.0.1') return null;
  if (
    !isWithin(version, 1, Number.MAX_SAFE_INTEGER) ||
    !isWithin(port, 1, 65_535) ||
    !isWithin(pid, 1, 2 ** 31 - 1)
  )
    return null;
  const [token, instance, ...more] = typeof both === 'string' ? both.split('.') : [];
  if (!matches(token, TOKEN.pattern) || !matches(instance, INSTANCE.pattern) || more.length > 0) return null;
  return { version, host, port, pid, token, instance };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Half a file, or another program's: no daemon can be reached through it.
    return null;
  }
}

function isWithin(value: unknown, least: number, most: number): value is number {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
}

function matches(value: string | undefined, pattern: RegExp): value is string {
  return value !== undefined && pattern.test(value);
}
