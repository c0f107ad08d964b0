import { limitElsewhere } from '../limit-units.ts';
import { stringify } from 'yaml';
import { carried, left, ONLY_HERE, OWN_NETWORK, partly, probePartly, type Exporter } from './exporter.ts';
import { inBinaryUnits, isOff, probeWords, type JobView, type ExportSurroundings } from './job-view.ts';

/** A compose file; every service runs in the image that is named. */
export const composeExporter: Exporter = {
  fates: {
    ...ONLY_HERE,
    name: partly('colons and the like become hyphens', ({ name }) => fit(name) !== name),
    job_command: partly('the program must be in the image'),
    test_command: left('compose starts everything'),
    cwd: partly('it is a folder of the image'),
    env: carried,
    env_file: carried,
    umask: left('compose has none: let a shell set it'),
    restart: partly(
      'with max_restarts = 1 it is "no"',
      ({ restart, draft }) => restart === 'on-failure' && draft.keys.get('max_restarts') === 1,
    ),
    backoff: left('Docker has delays of its own'),
    max_restarts: partly(
      'only with restart = "on-failure", and from 2 on',
      ({ restart, draft }) => restart !== 'on-failure' || draft.keys.get('max_restarts') === 1,
    ),
    success_codes: left('to Docker only 0 is success'),
    stop_signal: carried,
    stop_timeout: carried,
    after: carried,
    ready: probePartly('a healthcheck, by curl, bash or the command, which must be in the image'),
    schedule: left('compose has no schedules'),
    run_at_start: left('compose has no schedules'),
    instances: partly('the copies do not know their numbers'),
    description: left('a service has none'),
    enabled: partly(
      'the profile "disabled" keeps it from being started, and what comes after it does not wait for it',
      isOff,
    ),
    alive: left('Docker restarts nothing that is unhealthy'),
    max_memory: partly('Docker kills at the limit, and restart brings it back'),
    limits: partly('it has no "as"', ({ draft }) => draft.table('limits')['as'] !== undefined),
    nice: left('compose has none'),
    stdin: carried,
  },
  notes: ['Docker has its own delays between restarts', OWN_NETWORK],
  nameThere: ({ name }) => fit(name),
  refuses: ({ schedule }) =>
    schedule === null ? null : 'compose has no schedules; let cron run `docker compose run`',
  files: (jobs, surroundings) => [
    {
      name: 'compose.yaml',
      text: stringify(
        {
          services: Object.fromEntries(
            jobs.map((job) => [fit(job.name), serviceOf(job, jobs, surroundings)]),
          ),
        },
        { lineWidth: 0, version: '1.1' },
      ),
    },
  ],
};

/** A name as compose has it. */
function fit(name: string): string {
  return name.replace(/[^A-Za-z0-9._-]/g, '-');
}

/** Compose fills in variables everywhere. */
const plain = (text: string): string => text.replaceAll('$', () => '$$');

function serviceOf(job: JobView, jobs: readonly JobView[], { image }: ExportSurroundings): unknown {
  const { draft, ready, restart } = job;
  const most = Number(draft.keys.get('max_restarts') ?? 0);
  const probe = ready === null ? null : probeWords(ready);
  const limits = Object.entries(draft.table('limits')).filter(([name]) => name !== 'as');
  const after = job.after.flatMap(({ job: name, is }) =>
    jobs
      .filter((other) => other.name === name)
      .map((other) => [fit(other.name), dependencyOn(other, is)] as const),
  );
  const environment = Object.fromEntries(
    Object.entries({ ...job.env, OVERSEER_JOB: job.name }).map(([name, value]) => [name, plain(value)]),
  );
  return {
    image,
    command: job.words.map(plain),
    working_dir: job.cwd,
    environment,
    ...(job.envFiles.length > 0 && { env_file: job.envFiles }),
    restart:
      restart === 'never' || (restart === 'on-failure' && most === 1)
        ? 'no'
        : // Docker does not count the first start.
          restart === 'on-failure' && most > 0
          ? `on-failure:${most - 1}`
          : restart,
    stop_grace_period: `${job.stopTimeout}s`,
    ...(draft.text('stop_signal') !== null && { stop_signal: draft.text('stop_signal') }),
    ...(after.length > 0 && { depends_on: Object.fromEntries(after) }),
    ...(probe !== null && {
      healthcheck: {
        test: ['CMD', ...probe.map(plain)],
        interval: `${ready?.interval ?? 1}s`,
        timeout: `${ready?.timeout ?? 5}s`,
        retries: Math.ceil((ready?.within ?? 60) / (ready?.interval ?? 1)),
      },
    }),
    ...(job.instances !== null && { deploy: { replicas: job.instances } }),
    ...(isOff(job) && { profiles: ['disabled'] }),
    ...(limits.length > 0 && {
      ulimits: Object.fromEntries(
        limits.map(([name, value]) => [
          name,
          value === 'unlimited' ? -1 : limitElsewhere(name, Number(value)),
        ]),
      ),
    }),
    ...(job.maxMemory !== null && { mem_limit: memoryOf(job.maxMemory) }),
    ...(draft.keys.get('stdin') === true && { stdin_open: true }),
  };
}

/** Compose refuses a file in which a service needs one whose profile is off. */
const dependencyOn = (other: JobView, is: 'running' | 'finished' | null): object => ({
  condition: conditionOn(other, is),
  ...(isOff(other) && { required: false }),
});

const conditionOn = (other: JobView, is: 'running' | 'finished' | null): string =>
  is === 'finished' || (is === null && other.isOnce)
    ? 'service_completed_successfully'
    : other.ready !== null && probeWords(other.ready) !== null
      ? 'service_healthy'
      : 'service_started';

function memoryOf(bytes: number): string {
  const [size, unit] = inBinaryUnits(bytes);
  return `${size}${unit.toLowerCase() || 'b'}`;
}
