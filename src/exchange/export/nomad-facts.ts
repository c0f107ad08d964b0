import { cronOf } from './cron-fields.ts';
import type { JobView, Probe } from './job-view.ts';

export interface NomadCheck {
  readonly name: 'ready' | 'alive';
  readonly type: 'tcp' | 'http';
  readonly protocol: 'http' | 'https';
  readonly address: string;
  readonly port: number;
  readonly path: string;
  readonly interval: number;
  readonly timeout: number;
  /** After this many failures the task is restarted; null if failures change nothing. */
  readonly limit: number | null;
}

/** A job in the words of Nomad, for both of its forms. */
export interface NomadFacts {
  readonly type: 'service' | 'batch';
  readonly cron: string | null;
  readonly count: number;
  readonly restart: {
    readonly attempts: number;
    readonly intervalSeconds: number;
    readonly delaySeconds: number;
    readonly mode: 'delay' | 'fail';
  };
  /** Whether Nomad is to leave a job alone that has failed for good, which it would start anew. */
  readonly isLeftAlone: boolean;
  readonly service: string;
  readonly env: Readonly<Record<string, string>>;
  readonly megabytes: number | null;
  readonly checks: readonly NomadCheck[];
  /** Each port once, however many checks ask it. */
  readonly ports: readonly { readonly label: string; readonly port: number }[];
}

/** Nomad refuses shorter ones. */
const LEAST_INTERVAL_SECONDS = 5;
const LEAST_MEGABYTES = 10;

export function nomadFacts(job: JobView): NomadFacts {
  const { draft, restart, schedule, instances, env, name, ready, alive, maxMemory } = job;
  const most = Number(draft.keys.get('max_restarts') ?? 0);
  const runsOnce = restart === 'never' || schedule !== null;
  const attempts = runsOnce ? 0 : most === 0 ? 1 : most - 1;
  const checks = [
    ...(ready === null ? [] : checkOf('ready', ready)),
    ...(alive === null ? [] : checkOf('alive', alive)),
  ];
  const delay = Math.max(1, Math.round(Number(draft.table('backoff')['min'] ?? 1)));
  return {
    type: restart === 'always' && schedule === null ? 'service' : 'batch',
    cron: schedule === null ? null : cronOf(schedule),
    count: instances ?? 1,
    restart: {
      attempts,
      // All attempts must fit into it; with "delay", the next one begins when it is over.
      intervalSeconds:
        runsOnce || most > 0 ? Math.max(3600, attempts * delay) : Math.max(LEAST_INTERVAL_SECONDS, delay),
      delaySeconds: delay,
      mode: runsOnce || most > 0 ? 'fail' : 'delay',
    },
    isLeftAlone: runsOnce || most > 0,
    service: serviceName(name),
    env: { ...env, OVERSEER_JOB: name },
    megabytes: maxMemory === null ? null : Math.max(LEAST_MEGABYTES, Math.ceil(maxMemory / 2 ** 20)),
    checks,
    ports: [...new Set(checks.map(({ port }) => port))]
      .map((port) => ({ label: portLabel(port), port }))
      .sort((one, other) => (one.label < other.label ? -1 : 1)),
  };
}

export const portLabel = (port: number): string => `port${port}`;

/** Nomad asks only ports and URLs. */
export const isAskedByNomad = ({ tcp, http }: Probe): boolean => tcp !== null || http !== null;

function checkOf(name: NomadCheck['name'], probe: Probe): readonly NomadCheck[] {
  if (!isAskedByNomad(probe)) return [];
  const url = new URL(probe.http ?? `http://${probe.tcp}`);
  const isHttps = url.protocol === 'https:';
  return [
    {
      name,
      type: probe.http === null ? 'tcp' : 'http',
      protocol: isHttps ? 'https' : 'http',
      address: url.hostname.replace(/^localhost$/, '127.0.0.1'),
      port: Number(url.port || (isHttps ? 443 : 80)),
      path: `${url.pathname}${url.search}`,
      interval: Math.max(1, probe.interval ?? (name === 'ready' ? 1 : 10)),
      timeout: Math.max(1, probe.timeout ?? 5),
      limit: name === 'ready' ? null : (probe.failures ?? 3),
    },
  ];
}

/** As DNS has it, which services of Nomad must be. */
const serviceName = (name: string): string =>
  name
    .replace(/[^A-Za-z0-9]+/g, '-')
    .slice(0, 63)
    .replace(/^-+|-+$/g, '') || 'job';
