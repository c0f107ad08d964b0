import {
  carried,
  CLOCK_TIMES,
  inPart,
  left,
  ONLY_HERE,
  partly,
  type ExportedFile,
  type Exporter,
  type Fate,
} from './exporter.ts';
import { cronOf } from './cron-fields.ts';
import type { ExportSurroundings, JobView } from './job-view.ts';
import {
  isAskedByNomad,
  nomadFacts,
  portLabel,
  type NomadCheck,
  type NomadFacts,
  type NomadService,
} from './nomad-facts.ts';
import { hclOf } from './nomad-hcl.ts';

/** A client of Nomad waits no longer, unless its config says so. */
const MOST_STOP_SECONDS = 30;

const FILLS_IN = 'Nomad itself fills in ${…} where it knows the name';
const WHOLE_PATH = 'the program must be in the PATH of Nomad, or named by its whole path';
const NO_PORT = 'Nomad asks only a port or a URL';

const FATES: Readonly<Record<string, Fate>> = {
  ...ONLY_HERE,
  name: carried,
  job_command: inPart(({ words }) => {
    const all = [
      ...(words[0]?.startsWith('/') === true ? [] : [WHOLE_PATH]),
      ...(words.some((word) => word.includes('${')) ? [FILLS_IN] : []),
    ];
    return all.length === 0 ? null : { differs: all.join(', and ') };
  }),
  test_command: left('Nomad starts everything; `nomad job stop` stops it'),
  cwd: carried,
  env: partly(FILLS_IN, ({ env }) => Object.values(env).some((value) => value.includes('${'))),
  env_file: left('put it into a `template` with env = true'),
  umask: left('let a shell set it'),
  restart: partly('it becomes a batch job', ({ restart }) => restart !== 'always'),
  backoff: partly('its least delay, in whole seconds'),
  max_restarts: partly('within an hour, or as long as the delays take'),
  success_codes: left('to Nomad only 0 is success'),
  stop_signal: carried,
  stop_timeout: partly(
    `above ${MOST_STOP_SECONDS} s the client needs a greater max_kill_timeout`,
    ({ stopTimeout }) => stopTimeout > MOST_STOP_SECONDS,
  ),
  after: left('Nomad has no order between jobs: let the program wait, or use a prestart task'),
  ready: inPart(({ ready }) => {
    if (ready === null || !isAskedByNomad(ready)) return { left: NO_PORT };
    return ready.within === null
      ? null
      : { differs: '"within" is only how long a failed "alive" changes nothing after a start' };
  }),
  schedule: partly(CLOCK_TIMES, ({ schedule }) => schedule?.startsWith('every') === true),
  run_at_start: left('`nomad job periodic force NAME` runs it'),
  instances: partly('a copy has NOMAD_ALLOC_INDEX, from 0, and those that have a port need a node each'),
  description: carried,
  enabled: left('do not run it'),
  alive: inPart(({ alive }) => (alive !== null && isAskedByNomad(alive) ? null : { left: NO_PORT })),
  max_memory: partly('Nomad kills at the limit, which is in whole MiB, and restarts'),
  rolling: left('add an update block with max_parallel = 1'),
  limits: left('raw_exec has those of the agent'),
  nice: left('raw_exec has none'),
};

/** A job of Nomad as HCL, one file a job, run by raw_exec on the machine itself. */
export const nomadExporter = exporterOf((job, surroundings) => ({
  name: `${job.name}.nomad.hcl`,
  text: hclOf(job, nomadFacts(job, surroundings)),
}));

/** The same as the JSON that `nomad job run -json` and the API take. */
export const nomadJsonExporter = exporterOf((job, surroundings) => ({
  name: `${job.name}.nomad.json`,
  text: `${JSON.stringify({ Job: apiOf(job, nomadFacts(job, surroundings)) }, null, 2)}\n`,
}));

function exporterOf(fileOf: (job: JobView, surroundings: ExportSurroundings) => ExportedFile): Exporter {
  return {
    fates: FATES,
    notes: ['Nomad waits equally long before each restart, and knows no order between jobs'],
    nameThere: ({ name }) => name,
    refuses: ({ schedule }) =>
      schedule !== null && cronOf(schedule) === null ? `cron cannot say "${schedule}"` : null,
    files: (jobs, surroundings) => jobs.map((job) => fileOf(job, surroundings)),
  };
}

const nanoseconds = (seconds: number): number => Math.round(seconds * 1e9);

function apiOf(job: JobView, facts: NomadFacts): object {
  const description = job.draft.text('description');
  return {
    ID: job.name,
    Name: job.name,
    Type: facts.type,
    Datacenters: ['*'],
    ...(description !== null && { Meta: { description } }),
    ...(facts.cron !== null && {
      Periodic: {
        Enabled: true,
        Specs: [facts.cron],
        SpecType: 'cron',
        ProhibitOverlap: true,
        ...(facts.timeZone !== null && { TimeZone: facts.timeZone }),
      },
    }),
    TaskGroups: [
      {
        Name: 'main',
        Count: facts.count,
        RestartPolicy: {
          Attempts: facts.restart.attempts,
          Interval: nanoseconds(facts.restart.intervalSeconds),
          Delay: nanoseconds(facts.restart.delaySeconds),
          Mode: facts.restart.mode,
        },
        ...(facts.isLeftAlone && { ReschedulePolicy: { Attempts: 0, Unlimited: false } }),
        ...(facts.services.length > 0 && {
          Networks: [
            { ReservedPorts: facts.ports.map(({ label, port }) => ({ Label: label, Value: port })) },
          ],
          Services: facts.services.map(serviceOf),
        }),
        Tasks: [taskOf(job, facts)],
      },
    ],
  };
}

function serviceOf({ name, port, address, checks }: NomadService): object {
  return {
    Name: name,
    PortLabel: portLabel(port),
    Address: address,
    Provider: 'nomad',
    Checks: checks.map(checkOf),
  };
}

function checkOf({ name, type, protocol, path, interval, timeout, restart }: NomadCheck): object {
  return {
    Name: name,
    Type: type,
    ...(type === 'http' && { Protocol: protocol, Path: path }),
    Interval: nanoseconds(interval),
    Timeout: nanoseconds(timeout),
    ...(restart !== null && {
      CheckRestart: { Limit: restart.limit, Grace: nanoseconds(restart.graceSeconds) },
    }),
  };
}

function taskOf({ words, cwd, draft, stopTimeout }: JobView, { env, megabytes }: NomadFacts): object {
  const [command = '', ...args] = words;
  const signal = draft.text('stop_signal');
  return {
    Name: 'main',
    Driver: 'raw_exec',
    Config: { command, args, work_dir: cwd },
    Env: env,
    KillTimeout: nanoseconds(stopTimeout),
    ...(signal !== null && { KillSignal: signal }),
    ...(megabytes !== null && { Resources: { MemoryMB: megabytes } }),
  };
}
