import { carried, left, ONLY_HERE, partly, type ExportedFile, type Exporter, type Fate } from './exporter.ts';
import { cronOf } from './cron-fields.ts';
import type { JobView, Probe } from './job-view.ts';

const FATES: Readonly<Record<string, Fate>> = {
  ...ONLY_HERE,
  name: carried,
  job_command: carried,
  test_command: left('Nomad starts everything; `nomad job stop` stops it'),
  cwd: carried,
  env: carried,
  env_file: left('put it into a `template` with env = true'),
  umask: left('let a shell set it'),
  restart: partly('"never" becomes a batch job'),
  backoff: partly('its least delay'),
  max_restarts: partly('within an hour'),
  success_codes: left('to Nomad only 0 is success'),
  stop_signal: carried,
  stop_timeout: carried,
  after: left('Nomad has no order between jobs: let the program wait, or use a prestart task'),
  ready: partly('a check of a service, for a port or a URL'),
  schedule: partly('"every" where cron can say it'),
  run_at_start: left('`nomad job periodic force NAME` runs it'),
  instances: partly('a copy has NOMAD_ALLOC_INDEX, from 0'),
  description: carried,
  enabled: left('do not run it'),
  alive: left('add a check_restart to the check'),
  max_memory: carried,
  limits: left('raw_exec has those of the agent'),
  nice: left('raw_exec has none'),
};

/** A job of Nomad as HCL, one file a job, run by raw_exec on the machine itself. */
export const nomadExporter: Exporter = {
  fates: FATES,
  refuses,
  files: (jobs) => jobs.map((job) => fileOf(job, 'hcl')),
};
/** The same as the JSON that `nomad job run -json` and the API take. */
export const nomadJsonExporter: Exporter = {
  fates: FATES,
  refuses,
  files: (jobs) => jobs.map((job) => fileOf(job, 'json')),
};

function refuses({ schedule }: JobView): string | null {
  return schedule !== null && cronOf(schedule) === null ? `cron cannot say "${schedule}"` : null;
}

function fileOf(job: JobView, form: 'hcl' | 'json'): ExportedFile {
  return form === 'hcl'
    ? { name: `${job.name}.nomad.hcl`, text: hclOf(job) }
    : { name: `${job.name}.nomad.json`, text: `${JSON.stringify({ Job: apiOf(job) }, null, 2)}\n` };
}

interface Facts {
  readonly type: 'service' | 'batch';
  readonly cron: string | null;
  readonly count: number;
  readonly restarts: { readonly attempts: number; readonly delay: number; readonly mode: 'delay' | 'fail' };
  readonly env: Readonly<Record<string, string>>;
  readonly memory: number | null;
  readonly check: {
    readonly type: 'tcp' | 'http';
    readonly port: number;
    readonly path: string;
    readonly interval: number;
    readonly timeout: number;
  } | null;
}

function factsOf({ draft, restart, schedule, instances, env, name, ready }: JobView): Facts {
  const most = Number(draft.keys.get('max_restarts') ?? 0);
  const runsOnce = restart === 'never' || schedule !== null;
  return {
    type: restart === 'always' && schedule === null ? 'service' : 'batch',
    cron: schedule === null ? null : cronOf(schedule),
    count: instances ?? 1,
    restarts: {
      attempts: runsOnce ? 0 : most === 0 ? 1 : most,
      delay: Math.max(1, Math.round(Number(draft.table('backoff')['min'] ?? 1))),
      mode: runsOnce || most > 0 ? 'fail' : 'delay',
    },
    env: { ...env, OVERSEER_JOB: name },
    memory: draft.keys.has('max_memory') ? megabytes(draft.keys.get('max_memory')) : null,
    check: ready === null ? null : checkOf(ready),
  };
}

function checkOf({ tcp, http, interval, timeout }: Probe): Facts['check'] {
  const times = { interval: Math.max(1, interval ?? 1), timeout: Math.max(1, timeout ?? 5) };
  if (tcp !== null) return { type: 'tcp', port: Number(tcp.replace(/^.*:/, '')), path: '', ...times };
  if (http === null) return null;
  const url = new URL(http);
  return { type: 'http', port: Number(url.port || 80), path: `${url.pathname}${url.search}`, ...times };
}

function hclOf(job: JobView): string {
  const { type, cron, count, restarts, env, memory, check } = factsOf(job);
  const [command = '', ...args] = job.words;
  const signal = job.draft.text('stop_signal');
  const description = job.draft.text('description');
  const service =
    check === null
      ? ''
      : `
    network {
      port "main" {
        static = ${check.port}
      }
    }

    service {
      name     = ${text(job.name.replace(/[^A-Za-z0-9-]/g, '-'))}
      port     = "main"
      provider = "nomad"

      check {
        type     = ${text(check.type)}
${check.type === 'http' ? `        path     = ${text(check.path)}\n` : ''}        interval = "${check.interval}s"
        timeout  = "${check.timeout}s"
      }
    }
`;
  return `job ${text(job.name)} {
  type = ${text(type)}
${description === null ? '' : `\n  meta {\n    description = ${text(description)}\n  }\n`}${cron === null ? '' : `\n  periodic {\n    crons            = [${text(cron)}]\n    prohibit_overlap = true\n  }\n`}
  group "main" {
    count = ${count}

    restart {
      attempts = ${restarts.attempts}
      interval = "1h"
      delay    = "${restarts.delay}s"
      mode     = ${text(restarts.mode)}
    }
${service}
    task "main" {
      driver = "raw_exec"

      config {
        command  = ${text(command)}
        args     = [${args.map(text).join(', ')}]
        work_dir = ${text(job.cwd)}
      }

      env {
${Object.entries(env)
  .map(([name, value]) => `        ${/^[A-Za-z_]\w*$/.test(name) ? name : text(name)} = ${text(value)}\n`)
  .join('')}      }

      kill_timeout = "${job.stopTimeout}s"
${signal === null ? '' : `      kill_signal  = ${text(signal)}\n`}${memory === null ? '' : `\n      resources {\n        memory = ${memory}\n      }\n`}    }
  }
}
`;
}

const NANOSECONDS = 1e9;

function apiOf(job: JobView): object {
  const { type, cron, count, restarts, env, memory, check } = factsOf(job);
  const [command = '', ...args] = job.words;
  const signal = job.draft.text('stop_signal');
  const description = job.draft.text('description');
  return {
    ID: job.name,
    Name: job.name,
    Type: type,
    Datacenters: ['*'],
    ...(description !== null && { Meta: { description } }),
    ...(cron !== null && {
      Periodic: { Enabled: true, Specs: [cron], SpecType: 'cron', ProhibitOverlap: true },
    }),
    TaskGroups: [
      {
        Name: 'main',
        Count: count,
        RestartPolicy: {
          Attempts: restarts.attempts,
          Interval: 3600 * NANOSECONDS,
          Delay: restarts.delay * NANOSECONDS,
          Mode: restarts.mode,
        },
        ...(check !== null && {
          Networks: [{ ReservedPorts: [{ Label: 'main', Value: check.port }] }],
          Services: [
            {
              Name: job.name.replace(/[^A-Za-z0-9-]/g, '-'),
              PortLabel: 'main',
              Provider: 'nomad',
              Checks: [
                {
                  Type: check.type,
                  ...(check.type === 'http' && { Path: check.path }),
                  Interval: check.interval * NANOSECONDS,
                  Timeout: check.timeout * NANOSECONDS,
                },
              ],
            },
          ],
        }),
        Tasks: [
          {
            Name: 'main',
            Driver: 'raw_exec',
            Config: { command, args, work_dir: job.cwd },
            Env: env,
            KillTimeout: job.stopTimeout * NANOSECONDS,
            ...(signal !== null && { KillSignal: signal }),
            ...(memory !== null && { Resources: { MemoryMB: memory } }),
          },
        ],
      },
    ],
  };
}

/** A string of HCL, in which `${` and `%{` would begin a template. */
const text = (value: string): string =>
  JSON.stringify(value).replace(/[$%]\{/g, (sign) => `${sign.charAt(0)}${sign}`);

function megabytes(size: unknown): number {
  const [, amount = '0', unit = '', binary = ''] = /^([\d.]+)\s*([kKMGT]?)(i?)B?$/.exec(String(size)) ?? [];
  const bytes = Number(amount) * (binary === 'i' ? 1024 : 1000) ** '_KMGT'.indexOf(unit.toUpperCase() || '_');
  return Math.max(10, Math.ceil(bytes / 2 ** 20));
}
