import type { Ready } from '../config.ts';
import type { Place } from '../toml/document.ts';
import { parsed, refused, type Parsed } from '../result.ts';
import { readCommand, type RawCommand } from './command.ts';
import { show } from '../checks/show-value.ts';

const KINDS = ['command', 'tcp', 'http', 'log'] as const;
const MAX_PORT = 65_535;

/** As the schema lets it pass. */
export interface RawReady {
  readonly command?: RawCommand;
  readonly tcp?: string;
  readonly http?: string;
  readonly log?: string;
  readonly interval: number;
  readonly timeout: number;
}

/** What `ready` waits for; null, and a problem, where that makes no sense. */
export function readReady(raw: RawReady, place: Place): Ready | null {
  const kinds = KINDS.filter((kind) => raw[kind] !== undefined);
  if (kinds.length !== 1) {
    const got = kinds.length === 0 ? 'none of them' : kinds.join(' and ');
    place.report(`ready must hold one of ${KINDS.join(', ')}, got ${got}`, 'key');
    return null;
  }
  const probe = readProbe(raw, place);
  return (
    probe && {
      ...probe,
      intervalMs: Math.round(raw.interval * 1000),
      timeoutMs: Math.round(raw.timeout * 1000),
    }
  );
}

type Probe = Ready extends infer R ? (R extends Ready ? Omit<R, 'intervalMs' | 'timeoutMs'> : never) : never;

function readProbe({ command, tcp, http, log }: RawReady, place: Place): Probe | null {
  if (command !== undefined) {
    const read = readCommand(command, place.at('command'));
    return read && { kind: 'command', command: read };
  }
  if (tcp !== undefined) return orReport(readTcp(tcp), place.at('tcp'));
  if (http !== undefined) return orReport(readHttp(http), place.at('http'));
  return orReport(readLog(log ?? ''), place.at('log'));
}

function orReport(read: Parsed<Probe>, place: Place): Probe | null {
  if (read.ok) return read.value;
  place.report(`${place.key} must be ${read.message}`);
  return null;
}

function readTcp(text: string): Parsed<Probe> {
  const match = /^(?:\[([0-9A-Fa-f:.%]+)\]|([^\s:[\]]+)):(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  if (match === null || port < 1 || port > MAX_PORT) {
    return refused(`"host:port" with a port from 1 to ${MAX_PORT}, got ${show(text)}${portCure(text)}`);
  }
  return parsed({ kind: 'tcp', host: match[1] ?? match[2] ?? '', port });
}

/** `"localhost:80"`, for a port alone; null for what is none. */
export function addressAt(port: number): string | null {
  return Number.isInteger(port) && port >= 1 && port <= MAX_PORT ? `"localhost:${port}"` : null;
}

function portCure(text: string): string {
  const address = /^:?\d+$/.test(text) ? addressAt(Number(text.replace(':', ''))) : null;
  return address === null ? '' : `: write ${address}`;
}

function readHttp(text: string): Parsed<Probe> {
  const right = URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
  return right
    ? parsed({ kind: 'http', url: text })
    : refused(`an http:// or https:// URL, got ${show(text)}`);
}

function readLog(text: string): Parsed<Probe> {
  try {
    new RegExp(text);
    return parsed({ kind: 'log', pattern: text });
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return refused(`a regular expression, got ${show(text)}: ${error.message}`);
  }
}
