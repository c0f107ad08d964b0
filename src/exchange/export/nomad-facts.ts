import { cronOf } from './cron-fields.ts';
import { withoutBrackets, type ExportSurroundings, type JobView, type Probe } from './job-view.ts';

export interface NomadCheck {
  readonly name: 'ready' | 'alive';
  readonly type: 'tcp' | 'http';
  readonly protocol: 'http' | 'https';
  readonly path: string;
  readonly interval: number;
  readonly timeout: number;
  /** After how many failures the task is restarted, and from when on; null if failures change nothing. */
  readonly restart: { readonly limit: number; readonly graceSeconds: number } | null;
}

export interface NomadService {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly checks: readonly NomadCheck[];
}

/** A job in the words of Nomad, for both of its forms. */
export interface NomadFacts {
  readonly type: 'service' | 'batch';
  readonly cron: string | null;
  /** In which it is meant; null for UTC. */
  readonly timeZone: string | null;
  readonly count: number;
  readonly restart: {
    readonly attempts: number;
    readonly intervalSeconds: number;
    readonly delaySeconds: number;
    readonly mode: 'delay' | 'fail';
  };
  /** Whether Nomad is to leave a job alone that has failed for good, which it would start anew. */
  readonly isLeftAlone: boolean;
  readonly env: Readonly<Record<string, string>>;
  readonly megabytes: number | null;
  readonly services: readonly NomadService[];
  /** Each port once, however many services have it. */
  readonly ports: readonly { readonly label: string; readonly port: number }[];
}

/** Nomad refuses shorter ones. */
const LEAST_INTERVAL_SECONDS = 5;
const LEAST_MEGABYTES = 10;
const MOST_LETTERS = 63;
const USUAL_GRACE_SECONDS = 1;
const USUAL_START_SECONDS = 60;

export function nomadFacts(job: JobView, { timeZone }: ExportSurroundings): NomadFacts {
  const { draft, restart, schedule, instances, env, name, maxMemory } = job;
  const most = Number(draft.keys.get('max_restarts') ?? 0);
  const runsOnce = restart === 'never' || schedule !== null;
  const attempts = runsOnce ? 0 : most === 0 ? 1 : most - 1;
  const services = servicesOf(job);
  const delay = Math.max(1, Math.round(Number(draft.table('backoff')['min'] ?? 1)));
  return {
    type: restart === 'always' && schedule === null ? 'service' : 'batch',
    cron: schedule === null ? null : cronOf(schedule),
    timeZone,
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
    env: { ...env, OVERSEER_JOB: name },
    megabytes: maxMemory === null ? null : Math.max(LEAST_MEGABYTES, Math.ceil(maxMemory / 2 ** 20)),
    services,
    ports: [...new Set(services.map(({ port }) => port))]
      .map((port) => ({ label: portLabel(port), port }))
      .sort((one, other) => (one.label < other.label ? -1 : 1)),
  };
}

export const portLabel = (port: number): string => `port${port}`;

/** Nomad asks only ports and URLs. */
export const isAskedByNomad = ({ tcp, http }: Probe): boolean => tcp !== null || http !== null;

/** Nomad tells the services of a job apart by name and port, so one has all checks of its address. */
function servicesOf({ name, ready, alive }: JobView): readonly NomadService[] {
  const graceSeconds = ready === null ? USUAL_GRACE_SECONDS : (ready.within ?? USUAL_START_SECONDS);
  const asked = [
    ...(ready === null || !isAskedByNomad(ready)
      ? []
      : [{ ...addressOf(ready), ...checkOf('ready', ready) }]),
    ...(alive === null || !isAskedByNomad(alive)
      ? []
      : [
          {
            ...addressOf(alive),
            ...checkOf('alive', alive),
            restart: { limit: alive.failures ?? 3, graceSeconds },
          },
        ]),
  ];
  const [first] = asked;
  const isAtFirst = ({ address, port }: (typeof asked)[number]): boolean =>
    address === first?.address && port === first.port;
  const service = (suffix: string, checks: typeof asked): readonly NomadService[] =>
    checks.slice(0, 1).map(({ address, port }) => ({
      name: serviceName(name, suffix),
      address,
      port,
      checks: checks.map(({ address: _address, port: _port, ...check }) => check),
    }));
  return [
    ...service('', asked.filter(isAtFirst)),
    ...service(
      '-alive',
      asked.filter((each) => !isAtFirst(each)),
    ),
  ];
}

const urlOf = ({ tcp, http }: Probe): URL => new URL(http ?? `http://${tcp}`);

function addressOf(probe: Probe): Pick<NomadService, 'address' | 'port'> {
  const { hostname, port, protocol } = urlOf(probe);
  return {
    address: withoutBrackets(hostname).replace(/^localhost$/, '127.0.0.1'),
    port: Number(port || (protocol === 'https:' ? 443 : 80)),
  };
}

function checkOf(name: NomadCheck['name'], probe: Probe): NomadCheck {
  const { protocol, pathname, search } = urlOf(probe);
  return {
    name,
    type: probe.http === null ? 'tcp' : 'http',
    protocol: protocol === 'https:' ? 'https' : 'http',
    path: `${pathname}${search}`,
    interval: Math.max(1, probe.interval ?? (name === 'ready' ? 1 : 10)),
    timeout: Math.max(1, probe.timeout ?? 5),
    restart: null,
  };
}

/** As DNS has it, which services of Nomad must be. */
const serviceName = (name: string, suffix: string): string =>
  `${
    name
      .replace(/[^A-Za-z0-9]+/g, '-')
      .slice(0, MOST_LETTERS - suffix.length)
      .replace(/^-+|-+$/g, '') || 'job'
  }${suffix}`;
