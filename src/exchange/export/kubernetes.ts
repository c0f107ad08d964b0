import { plainText } from '../draft.ts';
import { stringify } from 'yaml';
import { carried, left, ONLY_HERE, partly, type Exporter } from './exporter.ts';
import { cronOf } from './cron-fields.ts';
import { probeWords, type JobView, type Probe, type ExportSurroundings } from './job-view.ts';

/** Deployments, Jobs and CronJobs, in one file; every container is of the image that is named. */
export const kubernetesExporter: Exporter = {
  fates: {
    ...ONLY_HERE,
    name: partly('in lower case, with hyphens'),
    job_command: partly('the program must be in the image'),
    test_command: left('Kubernetes starts everything; scale it to 0 by hand'),
    cwd: partly('it is a folder of the image'),
    env: carried,
    env_file: left(
      'make a Secret of it: `kubectl create secret generic NAME --from-env-file=FILE`, ' +
        'and name it in envFrom',
    ),
    umask: left('a container has that of its image'),
    restart: partly('a Deployment always restarts; "on-failure" becomes a Job'),
    backoff: left('Kubernetes has delays of its own'),
    max_restarts: partly('the backoffLimit of a Job'),
    success_codes: left('to Kubernetes only 0 is success'),
    stop_signal: left('Kubernetes sends SIGTERM, or what the image says'),
    stop_timeout: carried,
    after: partly(
      'an init container waits for the port or the URL of a job that has "ready"; others are left out',
    ),
    ready: partly('a readinessProbe; "log" is left out'),
    schedule: partly('a CronJob; "every" where cron can say it'),
    run_at_start: left('`kubectl create job --from=cronjob/NAME NAME-now` runs it'),
    instances: partly('the copies do not know their numbers'),
    description: carried,
    enabled: carried,
    alive: carried,
    max_memory: carried,
    limits: left('a container has those of its node'),
    nice: left('a container has none'),
  },
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
const fit = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 52) || 'job';

function objectOf(job: JobView, jobs: readonly JobView[], surroundings: ExportSurroundings): unknown {
  const name = fit(job.name);
  const description = job.draft.text('description');
  const metadata = {
    name,
    labels: { app: name },
    ...(description !== null && { annotations: { description } }),
  };
  const isOff = job.draft.keys.get('enabled') === false;
  const template = (restartPolicy: string): unknown => ({
    metadata: { labels: { app: name } },
    spec: { ...podOf(job, jobs, surroundings), restartPolicy },
  });
  const most = Number(job.draft.keys.get('max_restarts') ?? 0);
  const once = {
    ...(job.restart === 'never' || job.schedule !== null
      ? { backoffLimit: 0 }
      : most > 0
        ? { backoffLimit: most }
        : {}),
    template: template('Never'),
  };
  if (job.schedule !== null)
    return {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata,
      spec: {
        schedule: cronOf(job.schedule),
        concurrencyPolicy: 'Forbid',
        ...(isOff && { suspend: true }),
        jobTemplate: { spec: once },
      },
    };
  if (job.restart !== 'always')
    return {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata,
      spec: { ...once, ...(isOff && { suspend: true }) },
    };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata,
    spec: {
      replicas: isOff ? 0 : (job.instances ?? 1),
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
  const memory = job.draft.keys.get('max_memory');
  const isService = job.restart === 'always' && job.schedule === null;
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
        ...(isService && job.ready !== null && probed('readinessProbe', job.ready)),
        ...(isService && job.alive !== null && probed('livenessProbe', job.alive)),
        ...(memory !== undefined && { resources: { limits: { memory: quantity(plainText(memory)) } } }),
      },
    ],
    terminationGracePeriodSeconds: Math.ceil(job.stopTimeout),
  };
}

function probed(name: string, probe: Probe): object {
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
      periodSeconds: Math.max(1, Math.round(probe.interval ?? (name === 'readinessProbe' ? 1 : 10))),
      timeoutSeconds: Math.max(1, Math.round(probe.timeout ?? 5)),
      ...(probe.failures !== null && { failureThreshold: probe.failures }),
    },
  };
}

const quantity = (size: string): string =>
  size.replace(
    /^([\d.]+)\s*([kKMGT]?)(i?)B?$/,
    (_, amount: string, unit: string, binary: string) =>
      `${amount}${binary === 'i' ? `${unit.toUpperCase()}i` : unit === 'K' ? 'k' : unit}`,
  );
