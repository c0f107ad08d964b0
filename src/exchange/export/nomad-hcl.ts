import type { JobView } from './job-view.ts';
import { portLabel, type NomadCheck, type NomadFacts, type NomadService } from './nomad-facts.ts';

type Attribute = readonly [string, string];
interface Block {
  readonly head: string;
  readonly body: readonly (Attribute | Block)[];
}

/** A job as a jobspec in HCL. */
export function hclOf(job: JobView, facts: NomadFacts): string {
  const { type, cron, timeZone } = facts;
  const description = job.draft.text('description');
  return written({
    head: `job ${text(job.name)}`,
    body: [
      ['type', text(type)],
      ...(description === null ? [] : [block('meta', [['description', text(description)]])]),
      ...(cron === null
        ? []
        : [
            block('periodic', [
              ['crons', `[${text(cron)}]`],
              ['prohibit_overlap', 'true'],
              ...(timeZone === null ? [] : [['time_zone', text(timeZone)] as const]),
            ]),
          ]),
      groupOf(job, facts),
    ],
  });
}

function groupOf(job: JobView, facts: NomadFacts): Block {
  const { restart, count, isLeftAlone, services, ports } = facts;
  return block('group "main"', [
    ['count', String(count)],
    block('restart', [
      ['attempts', String(restart.attempts)],
      ['interval', seconds(restart.intervalSeconds)],
      ['delay', seconds(restart.delaySeconds)],
      ['mode', text(restart.mode)],
    ]),
    ...(isLeftAlone
      ? [
          block('reschedule', [
            ['attempts', '0'],
            ['unlimited', 'false'],
          ]),
        ]
      : []),
    ...(services.length > 0
      ? [
          block(
            'network',
            ports.map(({ label, port }) => block(`port "${label}"`, [['static', String(port)]])),
          ),
        ]
      : []),
    ...services.map(serviceOf),
    taskOf(job, facts),
  ]);
}

function serviceOf({ name, port, address, checks }: NomadService): Block {
  return block('service', [
    ['name', text(name)],
    ['port', text(portLabel(port))],
    ['address', text(address)],
    ['provider', '"nomad"'],
    ...checks.map(checkOf),
  ]);
}

function checkOf({ name, type, protocol, path, interval, timeout, restart }: NomadCheck): Block {
  return block('check', [
    ['name', text(name)],
    ['type', text(type)],
    ...(type === 'http'
      ? ([
          ['protocol', text(protocol)],
          ['path', text(path)],
        ] as const)
      : []),
    ['interval', seconds(interval)],
    ['timeout', seconds(timeout)],
    ...(restart === null
      ? []
      : [
          block('check_restart', [
            ['limit', String(restart.limit)],
            ['grace', seconds(restart.graceSeconds)],
          ]),
        ]),
  ]);
}

function taskOf(job: JobView, { env, megabytes }: NomadFacts): Block {
  const [command = '', ...args] = job.words;
  const signal = job.draft.text('stop_signal');
  return block('task "main"', [
    ['driver', '"raw_exec"'],
    block('config', [
      ['command', text(command)],
      ['args', `[${args.map(text).join(', ')}]`],
      ['work_dir', text(job.cwd)],
    ]),
    block(
      'env',
      Object.entries(env).map(
        ([name, value]) => [/^[A-Za-z_]\w*$/.test(name) ? name : text(name), text(value)] as const,
      ),
    ),
    ['kill_timeout', seconds(job.stopTimeout)],
    ...(signal === null ? [] : [['kill_signal', text(signal)] as const]),
    ...(megabytes === null ? [] : [block('resources', [['memory', String(megabytes)]])]),
  ]);
}

const block = (head: string, body: Block['body']): Block => ({ head, body });
const isBlock = (part: Attribute | Block): part is Block => 'head' in part;

/** Equals signs are lined up from block to block, with an empty line between, as `nomad fmt` has it. */
function written({ head, body }: Block, indent = ''): string {
  const lines = body.map((part, index) => {
    const before = body[index - 1];
    const gap = before !== undefined && (isBlock(part) || isBlock(before)) ? '\n' : '';
    return isBlock(part)
      ? `${gap}${written(part, `${indent}  `)}`
      : `${gap}${indent}  ${part[0].padEnd(widthAt(body, index))} = ${part[1]}\n`;
  });
  return `${indent}${head} {\n${lines.join('')}${indent}}\n`;
}

/** The longest name among the attributes around this one. */
function widthAt(body: Block['body'], index: number): number {
  const start = body.findLastIndex((part, at) => at < index && isBlock(part)) + 1;
  const end = body.findIndex((part, at) => at > index && isBlock(part));
  return Math.max(
    ...body.slice(start, end === -1 ? body.length : end).map((part) => (isBlock(part) ? 0 : part[0].length)),
  );
}

const seconds = (value: number): string =>
  Number.isInteger(value) ? `"${value}s"` : `"${Math.round(value * 1000)}ms"`;

/** A string of HCL, in which `${` and `%{` would begin a template. */
const text = (value: string): string =>
  JSON.stringify(value).replace(/[$%]\{/g, (sign) => `${sign.charAt(0)}${sign}`);
