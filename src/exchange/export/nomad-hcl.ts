import type { JobView } from './job-view.ts';
import { nomadFacts, portLabel, type NomadCheck, type NomadFacts } from './nomad-facts.ts';

type Attribute = readonly [string, string];
interface Block {
  readonly head: string;
  readonly body: readonly (Attribute | Block)[];
}

/** A job as a jobspec in HCL. */
export function hclOf(job: JobView): string {
  const { type, cron } = nomadFacts(job);
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
            ]),
          ]),
      groupOf(job),
    ],
  });
}

function groupOf(job: JobView): Block {
  const facts = nomadFacts(job);
  const { restart, count, isLeftAlone, checks, ports } = facts;
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
    ...(checks.length > 0
      ? [
          block(
            'network',
            ports.map(({ label, port }) => block(`port "${label}"`, [['static', String(port)]])),
          ),
        ]
      : []),
    ...checks.map((check) => serviceOf(facts, check)),
    taskOf(job, facts),
  ]);
}

function serviceOf({ service }: NomadFacts, check: NomadCheck): Block {
  return block('service', [
    ['name', text(service)],
    ['port', text(portLabel(check.port))],
    ['address', text(check.address)],
    ['provider', '"nomad"'],
    block('check', [
      ['name', text(check.name)],
      ['type', text(check.type)],
      ...(check.type === 'http'
        ? ([
            ['protocol', text(check.protocol)],
            ['path', text(check.path)],
          ] as const)
        : []),
      ['interval', seconds(check.interval)],
      ['timeout', seconds(check.timeout)],
      ...(check.limit === null ? [] : [block('check_restart', [['limit', String(check.limit)]])]),
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

/** The signs of equality one below the other, and an empty line before each block, as `nomad fmt` has it. */
function written({ head, body }: Block, indent = ''): string {
  const width = Math.max(0, ...body.map((part) => (isBlock(part) ? 0 : part[0].length)));
  const lines = body.map((part, index) => {
    const before = body[index - 1];
    const gap = before !== undefined && (isBlock(part) || isBlock(before)) ? '\n' : '';
    return isBlock(part)
      ? `${gap}${written(part, `${indent}  `)}`
      : `${gap}${indent}  ${part[0].padEnd(width)} = ${part[1]}\n`;
  });
  return `${indent}${head} {\n${lines.join('')}${indent}}\n`;
}

const seconds = (value: number): string =>
  Number.isInteger(value) ? `"${value}s"` : `"${Math.round(value * 1000)}ms"`;

/** A string of HCL, in which `${` and `%{` would begin a template. */
const text = (value: string): string =>
  JSON.stringify(value).replace(/[$%]\{/g, (sign) => `${sign.charAt(0)}${sign}`);
