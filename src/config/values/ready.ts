import type { Alive, Ready } from '../config.ts';
import type { Place } from '../toml/document.ts';
import { parsed, refused, type Parsed } from '../result.ts';
import { readCommand, type RawCommand } from './command.ts';
import { show } from '../checks/show-value.ts';
import { patternError } from './pattern.ts';
import { expandReferences, type Known } from './references.ts';

const KINDS = ['command', 'tcp', 'http', 'log'] as const;
const ALIVE_KINDS = ['command', 'tcp', 'http'] as const;
const MAX_PORT = 65_535;

/** As the schema allows it. */
export interface RawReady {
  readonly command?: RawCommand;
  readonly tcp?: string;
  readonly http?: string;
  readonly log?: string;
  readonly interval: number;
  readonly timeout: number;
  readonly within: number;
}

/** Reads `ready`; null, with a problem reported, where it makes no sense. */
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
      withinMs: Math.round(raw.within * 1000),
    }
  );
}

/** As the schema lets it pass. */
export interface RawAlive extends Omit<RawReady, 'log' | 'within'> {
  readonly failures: number;
}

/** What `alive` checks; null, and a problem, where that makes no sense. */
export function readAlive(raw: RawAlive, place: Place): Alive | null {
  const kinds = ALIVE_KINDS.filter((kind) => raw[kind] !== undefined);
  if (kinds.length !== 1) {
    const got = kinds.length === 0 ? 'none of them' : kinds.join(' and ');
    place.report(`alive must hold one of ${ALIVE_KINDS.join(', ')}, got ${got}`, 'key');
    return null;
  }
  const probe = readProbe(raw, place);
  if (probe === null || probe.kind === 'log') return null;
  return {
    ...probe,
    intervalMs: Math.round(raw.interval * 1000),
    timeoutMs: Math.round(raw.timeout * 1000),
    failures: raw.failures,
  };
}

/** The check as it is with these variables. */
export function resolveAlive(alive: Alive, known: Known): Parsed<Alive> {
  const { written, intervalMs, timeoutMs, failures } = alive;
  if (written === undefined) return parsed(alive);
  const text = expandReferences(written, known);
  if (!text.ok) return text;
  const read = alive.kind === 'tcp' ? readTcp(text.value) : readHttp(text.value);
  if (!read.ok) return refused(`must be ${read.message}`);
  return read.value.kind === 'log'
    ? parsed(alive)
    : parsed({ ...read.value, intervalMs, timeoutMs, failures });
}

type Probe = Ready extends infer R
  ? R extends Ready
    ? Omit<R, 'intervalMs' | 'timeoutMs' | 'withinMs'>
    : never
  : never;

function readProbe(
  { command, tcp, http, log }: Omit<RawReady, 'interval' | 'timeout' | 'within'>,
  place: Place,
): Probe | null {
  if (command !== undefined) {
    const read = readCommand(command, place.at('command'));
    return read && { kind: 'command', command: read };
  }
  if (tcp !== undefined) return laterOr(tcp, { kind: 'tcp', host: '', port: 0 }, place.at('tcp'), readTcp);
  if (http !== undefined) return laterOr(http, { kind: 'http', url: '' }, place.at('http'), readHttp);
  return laterOr(log ?? '', { kind: 'log', pattern: '(?!)' }, place.at('log'), readLog);
}

/** A probe with references is parsed when the variables are known; until then it fails. */
function laterOr(
  text: string,
  unknown: Probe,
  place: Place,
  read: (text: string) => Parsed<Probe>,
): Probe | null {
  return refersTo(text) ? { ...unknown, written: text } : orReport(read(text), place);
}

/** `$` and `$$` have their own meaning in a regular expression: only a complete reference counts. */
const refersTo = (text: string): boolean => /\$\{[A-Za-z_][A-Za-z0-9_]*(?::-[^}]*)?\}/.test(text);

/** The probe with the variables filled in. */
export function resolveReady(ready: Ready, known: Known): Parsed<Ready> {
  const { written, intervalMs, timeoutMs, withinMs } = ready;
  if (written === undefined) return parsed(ready);
  const text = ready.kind === 'log' ? expandPattern(written, known) : expandReferences(written, known);
  if (!text.ok) return text;
  const read = readWritten(ready.kind, text.value);
  return read.ok
    ? parsed({ ...read.value, intervalMs, timeoutMs, withinMs })
    : refused(`must be ${read.message}`);
}

function readWritten(kind: Ready['kind'], text: string): Parsed<Probe> {
  if (kind === 'tcp') return readTcp(text);
  return kind === 'http' ? readHttp(text) : readLog(text);
}

/** The value of a variable is text, not part of the expression. */
function expandPattern(pattern: string, { variables, home }: Known): Parsed<string> {
  const literal = Object.entries(variables).map(([name, value]) => [
    name,
    value.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'),
  ]);
  const known = { variables: Object.fromEntries(literal) as Record<string, string>, home };
  // Two dollar signs stay two.
  return expandReferences(pattern.replaceAll('$$', '$$$$$$$$'), known);
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

/** Such as `"localhost:80"` for a bare port; null for an invalid port. */
export function addressAt(port: number): string | null {
  return Number.isInteger(port) && port >= 1 && port <= MAX_PORT ? `"localhost:${port}"` : null;
}

function portCure(text: string): string {
  const address = /^:?\d+$/.test(text) ? addressAt(Number(text.replace(':', ''))) : null;
  return address === null ? '' : `: write ${address}`;
}

function readHttp(text: string): Parsed<Probe> {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol))
    return refused(`an http:// or https:// URL, got ${show(text)}`);
  if (url.port === '0') return refused(`a URL with a port from 1 to ${MAX_PORT}, got ${show(text)}`);
  const part = (['username', 'password'] as const).find((name) => !isPercentEncoded(url[name]));
  return part === undefined
    ? parsed({ kind: 'http', url: text })
    : refused(`a URL whose ${part} is percent-encoded UTF-8, got ${show(text)}: write %25 for a bare %`);
}

/** The http client decodes the credentials, and throws where they cannot be decoded. */
function isPercentEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch (error) {
    if (error instanceof URIError) return false;
    throw error;
  }
}

function readLog(text: string): Parsed<Probe> {
  const error = patternError(text);
  return error === null ? parsed({ kind: 'log', pattern: text }) : refused(`a regular expression${error}`);
}
