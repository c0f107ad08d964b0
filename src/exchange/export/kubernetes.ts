import { stringify } from 'yaml';
import {
  carried,
  CLOCK_TIMES,
  left,
  ONLY_HERE,
  OWN_NETWORK,
  partly,
  probePartly,
  type Exporter,
} from './exporter.ts';
import { cronOf } from './cron-fields.ts';
import {
  inBinaryUnits,
  isOff,
  probeWords,
  type JobView,
  type Probe,
  type ExportSurroundings,
} from './job-view.ts';

/** The longest name: a CronJob appends eleven characters for the names of its Jobs. */
const MOST_LETTERS = 52;
/** As many as there can be: it never gives up. */
const NEVER = 2 ** 31 - 1;

/** Deployments, Jobs and CronJobs, in one file; every container is of the image that is named. */
export const kubernetesExporter: Exporter = {
  fates: {
    ...ONLY_HERE,
    name: partly('in lower case, with hyphens', ({ name }) => fit(name) !== name),
    job_command: partly('the program must be in the image'),
    test_command: left('Kubernetes starts everything; scale it to 0 by hand'),
    cwd: partly('it is a folder of the image'),
    env: carried,
    env_file: left(
      'make a Secret of it: `kubectl create secret generic NAME --from-env-file=FILE`, ' +
        'and name it in envFrom',
    ),
    umask: left('a container has that of its image'),
    restart: partly(
      'a Deployment always restarts; this becomes a Job',
      ({ restart }) => restart !== 'always',
    ),
    backoff: left('Kubernetes has delays of its own'),
    max_restarts: partly('the backoffLimit of a Job; a Deployment never gives up'),
    success_codes: left('to Kubernetes only 0 is success'),
    stop_signal: left('Kubernetes sends SIGTERM, or what the image says'),
    stop_timeout: partly(
      'it is a whole number of seconds',
      ({ stopTimeout }) => !Number.isInteger(stopTimeout),
    ),
    after: partly(
      'an init container waits for the port or the URL of a job that has "ready"; others are left out',
    ),
    ready: probePartly('a startupProbe, and a readinessProbe that goes on asking'),
    schedule: partly(CLOCK_TIMES, ({ schedule }) => schedule?.startsWith('every') === true),
    run_at_start: left('`kubectl create job --from=cronjob/NAME NAME-now` runs it'),
    instances: partly('the copies do not know their numbers'),
    description: carried,
    enabled: carried,
    alive: partly('its times are whole seconds', ({ alive }) => !isWhole(alive)),
    max_memory: partly('Kubernetes kills at the limit, and restarts'),
    limits: left('a container has those of its node'),
    nice: left('a container has none'),
    rolling: partly('a Job does not replace its copies', ({ restart }) => restart !== 'always'),
    stdin: carried,
  },
  notes: ['Kubernetes has its own delays between restarts', OWN_NETWORK],
  nameThere: ({ name }) => fit(name),
  refuses: ({ schedule }) =>
    schedule !== null && cronOf(schedule) === null ? `cron cannot say "${schedule}"` : null,
  files: (jobs, surroundings) => [
    {
      name: 'kubernetes.yaml',
      text: jobs
        .flatMap((job) => [objectOf(job, jobs, surroundings), ...serviceOf(job)])
        .map((object) => stringify(object, { lineWidth: 0, version: '1.1' }))
        .join('---\n'),
    },
  ],
};

/** A name as DNS has it. */
function fit(name: string): string {
  const fitting = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, MOST_LETTERS)
    .replace(/^-+|-+$/g, '');
  // The name of a Kubernetes service may not begin with a digit.
  return /^[a-z]/.test(fitting) ? fitting : `job-${fitting}`.slice(0, MOST_LETTERS).replace(/-$/, '');
}

const isWhole = (probe: Probe | null): boolean =>
  [probe?.interval, probe?.timeout].every((each) => Number.isInteger(each ?? 1));

function objectOf(job: JobView, jobs: readonly JobView[], surroundings: ExportSurroundings): unknown {
  const name = fit(job.name);
  const description = job.draft.text('description');
  const metadata = {
    name,
    labels: { app: name },
    ...(description !== null && { annotations: { description } }),
  };
  const template = (restartPolicy: string): unknown => ({
    metadata: { labels: { app: name } },
    spec: { ...podOf(job, jobs, surroundings), restartPolicy },
  });
  const most = Number(job.draft.keys.get('max_restarts') ?? 0);
  const once = {
    backoffLimit: job.restart === 'never' || job.schedule !== null ? 0 : most > 0 ? most - 1 : NEVER,
    ...(job.instances !== null && { parallelism: job.instances, completions: job.instances }),
    template: template('Never'),
  };
  if (job.schedule !== null)
    return {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata,
      spec: {
        schedule: cronOf(job.schedule),
        ...(surroundings.timeZone !== null && { timeZone: surroundings.timeZone }),
        concurrencyPolicy: 'Forbid',
        ...(isOff(job) && { suspend: true }),
        jobTemplate: { spec: once },
      },
    };
  if (job.restart !== 'always')
    return {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata,
      spec: { ...once, ...(isOff(job) && { suspend: true }) },
    };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata,
    spec: {
      replicas: isOff(job) ? 0 : (job.instances ?? 1),
      // Otherwise the new copy would run beside the old one.
      strategy:
        job.draft.keys.get('rolling') === true
          ? { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } }
          : { type: 'Recreate' },
      selector: { matchLabels: { app: name } },
      template: template('Always'),
    },
  };
}

/** The port that others ask, for a job whose readiness is that of one. */
function portOf({ tcp, http }: Probe): number | null {
  if (tcp !== null) return Number(tcp.replace(/^.*:/, ''));
  if (http === null) return null;
  const url = new URL(http);
  return Number(url.port || (url.protocol === 'https:' ? 443 : 80));
}

/** Other pods reach it by its name. */
function serviceOf(job: JobView): readonly unknown[] {
  const port = job.ready === null ? null : portOf(job.ready);
  if (port === null) return [];
  const name = fit(job.name);
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name },
      spec: { selector: { app: name }, ports: [{ port }] },
    },
  ];
}

function atService(probe: Probe, host: string): Probe {
  if (probe.tcp !== null) return { ...probe, tcp: `${host}:${probe.tcp.replace(/^.*:/, '')}` };
  const url = new URL(probe.http ?? 'http://localhost');
  url.hostname = host;
  return { ...probe, http: url.href };
}

function podOf(job: JobView, jobs: readonly JobView[], { image }: ExportSurroundings): object {
  const variables = Object.entries({ ...job.env, OVERSEER_JOB: job.name }).map(([name, value]) => ({
    name,
    value: value.replaceAll('$(', () => '$$('),
  }));
  const waits = job.after
    .flatMap(({ job: name }) => jobs.filter((other) => other.name === name))
    .flatMap((other) => {
      const probe =
        other.ready === null || portOf(other.ready) === null
          ? null
          : probeWords(atService(other.ready, fit(other.name)));
      return probe === null
        ? []
        : [
            {
              name: `wait-for-${fit(other.name)}`.slice(0, 63),
              image,
              command: ['bash', '-c', 'until "$0" "$@"; do sleep 1; done', ...probe],
            },
          ];
    });
  return {
    ...(waits.length > 0 && { initContainers: waits }),
    containers: [
      {
        name: fit(job.name),
        image,
        command: job.words.map((word) => word.replaceAll('$(', () => '$$(')),
        workingDir: job.cwd,
        env: variables,
        // The other probes begin when this one has succeeded.
        ...(job.ready !== null && probed('startupProbe', job.ready, startAttempts(job.ready))),
        ...(job.ready !== null && probed('readinessProbe', job.ready)),
        ...(job.alive !== null && probed('livenessProbe', job.alive, job.alive.failures)),
        ...(job.maxMemory !== null && { resources: { limits: { memory: quantity(job.maxMemory) } } }),
        ...(job.draft.keys.get('stdin') === true && { stdin: true }),
      },
    ],
    terminationGracePeriodSeconds: Math.ceil(job.stopTimeout),
  };
}

const periodOf = (name: string, { interval }: Probe): number =>
  Math.max(1, Math.round(interval ?? (name === 'livenessProbe' ? 10 : 1)));

const startAttempts = (ready: Probe): number =>
  Math.max(1, Math.ceil((ready.within ?? 60) / periodOf('startupProbe', ready)));

function probed(name: string, probe: Probe, failures: number | null = null): object {
  const words = probeWords(probe);
  if (words === null) return {};
  const url = probe.http === null ? null : new URL(probe.http);
  const action =
    probe.command !== null
      ? { exec: { command: probe.command } }
      : url !== null
        ? {
            httpGet: {
              path: `${url.pathname}${url.search}`,
              port: Number(url.port || (url.protocol === 'https:' ? 443 : 80)),
              scheme: url.protocol.slice(0, -1).toUpperCase(),
            },
          }
        : { tcpSocket: { port: Number(probe.tcp?.replace(/^.*:/, '')) } };
  return {
    [name]: {
      ...action,
      periodSeconds: periodOf(name, probe),
      timeoutSeconds: Math.max(1, Math.round(probe.timeout ?? 5)),
      ...(failures !== null && { failureThreshold: failures }),
    },
  };
}

function quantity(bytes: number): string {
  const [size, unit] = inBinaryUnits(bytes);
  return unit === '' ? String(size) : `${size}${unit}i`;
}
