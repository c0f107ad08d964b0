import type { McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { dataFolder } from '../../data-folder.ts';
import { requestOf, type Target } from '../../library/request.ts';
import { ClientOfDaemon } from '../../library/client-of-daemon.ts';
import { applyTo, planId, planOf } from '../../library/plan-of.ts';
import { TimedOutError } from '../../library/errors.ts';
import { JOB_STATES } from '../../plan/job-state.ts';
import { countsInWords, urgencyOf } from '../../plan/state-order.ts';
import { STATE_TONE } from '../../plan/state-tone.ts';
import { printable } from '../../text/printable.ts';
import type { Answers, Report, Request } from '../../wire/messages.ts';
import { lastLines } from '../logs/last-lines.ts';
import { renderProblems } from '../render/problems.ts';
import { renderReport } from '../render/report.ts';
import { renderInOrder } from '../render/status.ts';
import { renderWhy } from '../render/why.ts';
import type { RenderContext } from '../terminal/render-context.ts';
import { timeNamed } from '../logs/time-named.ts';
import { answer, answered } from './answers.ts';

const JOBS = z
  .array(z.string())
  .min(1)
  .describe('Names of jobs or of single instances such as web@2, patterns such as web*, or tag:NAME');
const ROLLING = z
  .boolean()
  .default(false)
  .describe('The next copy only when the new one is running; a copy that does not come up stops the roll');
const LIMITS = { lines: 500, shownJobs: 60, waitSeconds: 600 } as const;

const READS = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
} as const;

const CHANGES = {
  readOnlyHint: false,
  destructiveHint: true,
  idempotentHint: true,
  openWorldHint: false,
} as const;

/** Registers every tool; those that change something only where that is allowed. */
export function registerTools(
  server: McpServer,
  target: Target,
  { readOnly }: { readonly readOnly: boolean },
): void {
  const client = new Tools(target);
  registerReads(server, client);
  if (!readOnly) registerChanges(server, client);
}

function registerReads(server: McpServer, tools: Tools): void {
  server.registerTool(
    'status',
    {
      title: 'How the jobs are',
      description: 'The state of every job, or of these, those in trouble first. Begin here.',
      inputSchema: z.object({ jobs: JOBS.optional() }),
      annotations: READS,
    },
    ({ jobs = [] }) => answered(() => tools.status(jobs)),
  );
  server.registerTool(
    'why',
    {
      title: 'Why a job is in its state',
      description:
        'The reason for the state of a job, its last exit, its test, its history and the end of its log.',
      inputSchema: z.object({ job: z.string().describe('One job or instance') }),
      annotations: READS,
    },
    ({ job }) => answered(() => tools.why(job)),
  );
  server.registerTool(
    'logs',
    {
      title: 'What jobs printed',
      description: 'The last lines that jobs printed, at most a few hundred. Needs no running daemon.',
      inputSchema: z.object({
        jobs: JOBS.optional(),
        lines: z.number().int().min(1).max(LIMITS.lines).default(50).describe('How many lines of each job'),
        grep: z.string().max(1000).optional().describe('Only lines that match this regular expression'),
        since: z.string().optional().describe('Only what was written since: 10m, 14:30 or 2026-01-31T14:30'),
      }),
      annotations: READS,
    },
    (wanted) => answered(() => tools.logs(wanted)),
  );
  server.registerTool(
    'plan',
    {
      title: 'What a trigger would do',
      description:
        'What `apply` would start, stop, restart and remove, and why. Changes nothing, but runs ' +
        'the tests of the jobs. Show the plan to the user before `apply`.',
      inputSchema: z.object({}),
      annotations: READS,
    },
    () => answered(() => tools.plan()),
  );
  server.registerTool(
    'wait',
    {
      title: 'Wait for a state',
      description: 'Waits until each job is in a state; fails as soon as one cannot get there any more.',
      inputSchema: z.object({
        jobs: JOBS,
        for: z.enum(JOB_STATES).default('running'),
        timeoutSeconds: z.number().positive().max(LIMITS.waitSeconds).default(60),
      }),
      annotations: READS,
    },
    (wanted) => answered(() => tools.wait(wanted)),
  );
}

function registerChanges(server: McpServer, tools: Tools): void {
  server.registerTool(
    'apply',
    {
      title: 'Run the trigger',
      description:
        'Makes reality match the config. Takes the id of the plan that the user has seen, and ' +
        'refuses where it would do something else by now.',
      inputSchema: z.object({ plan: z.string().describe('The id that `plan` gave') }),
      annotations: CHANGES,
    },
    ({ plan }) => answered(() => tools.apply(plan)),
  );
  server.registerTool(
    'start',
    {
      title: 'Start jobs',
      description: 'Starts jobs by hand; ends an earlier stop by hand.',
      inputSchema: z.object({ jobs: JOBS }),
      annotations: { ...CHANGES, destructiveHint: false },
    },
    ({ jobs }) => answered(() => tools.start(jobs)),
  );
  server.registerTool(
    'stop',
    {
      title: 'Stop jobs',
      description: 'Stops jobs by hand. They stay stopped until `start`.',
      inputSchema: z.object({ jobs: JOBS }),
      annotations: CHANGES,
    },
    ({ jobs }) => answered(() => tools.stop(jobs)),
  );
  server.registerTool(
    'restart',
    {
      title: 'Restart jobs',
      description: 'Stops jobs and starts them again; with `rolling` one copy of each job at a time.',
      inputSchema: z.object({ jobs: JOBS, rolling: ROLLING }),
      annotations: { ...CHANGES, idempotentHint: false },
    },
    ({ jobs, rolling }) => answered(() => tools.restart(jobs, rolling)),
  );
}

interface LogsAsked {
  readonly jobs?: readonly string[] | undefined;
  readonly lines: number;
  readonly grep?: string | undefined;
  readonly since?: string | undefined;
}

interface WaitAsked {
  readonly jobs: readonly string[];
  readonly for: (typeof JOB_STATES)[number];
  readonly timeoutSeconds: number;
}

type Answer = ReturnType<typeof answer>;

class Tools {
  readonly #target: Target;

  constructor(target: Target) {
    this.#target = target;
  }

  async status(jobs: readonly string[]): Promise<Answer> {
    const status = await this.#ask<'status'>({ name: 'status', jobs });
    const urgent = status.jobs.toSorted((a, b) => urgencyOf(a) - urgencyOf(b));
    const shown = urgent.slice(0, LIMITS.shownJobs);
    const left = urgent.length - shown.length;
    const text = [
      countsInWords(urgent) || 'no jobs',
      ...(shown.length > 0 ? [renderInOrder(shown, this.#context()).trimEnd()] : []),
      ...(left > 0 ? [`… and ${left} more: name jobs or a pattern`] : []),
    ].join('\n');
    const first = urgent.find(({ state }) => STATE_TONE[state] === 'bad');
    return answer(
      text,
      first === undefined ? undefined : `\`why\` says why ${printable(first.name)} is ${first.state}.`,
    );
  }

  async why(job: string): Promise<Answer> {
    const { jobs } = await this.#ask<'why'>({ name: 'why', job });
    const { logs } = dataFolder(this.#target.homes.data);
    const context = this.#context();
    return answer(jobs.map((why) => renderWhy(why, context, lastLines(logs, why.status.name))).join('\n'));
  }

  async logs({ jobs = [], lines, grep, since }: LogsAsked): Promise<Answer> {
    const pattern = grep === undefined ? null : patternOf(grep);
    if (pattern instanceof Error) return { ...answer(`grep: ${pattern.message}`), isError: true };
    const from = since === undefined ? -Infinity : timeNamed(since, Date.now());
    if (from === null)
      return { ...answer(`since: no time such as 10m, 14:30 or 2026-01-31T14:30: ${since}`), isError: true };
    const client = new ClientOfDaemon(this.#target);
    const found = new Map<string, string[]>();
    // Of a log that is searched more is read than is shown.
    const most = pattern === null ? lines : Infinity;
    for await (const { job, line } of client.logs(jobs, {
      lines: most,
      since: new Date(Math.max(from, 0)),
    })) {
      if (pattern !== null && !pattern.test(line)) continue;
      const kept = found.get(job) ?? [];
      kept.push(line);
      if (kept.length > lines) kept.shift();
      found.set(job, kept);
    }
    if (found.size === 0) return answer(pattern === null ? 'Nothing was printed.' : 'No line matches.');
    return answer([...found].map(([job, kept]) => `== ${job}\n${kept.map(printable).join('\n')}`).join('\n'));
  }

  async plan(): Promise<Answer> {
    const report = await planOf(this.#target);
    const text = this.#told(report, true);
    if (report.problems.length > 0)
      return { ...answer(text, 'mend the config, then `plan` again.'), isError: true };
    return answer(
      `${text}\nplan id: ${planId(report)}`,
      'show this to the user; `apply` with the plan id does it.',
    );
  }

  async apply(plan: string): Promise<Answer> {
    const planned = await planOf(this.#target);
    if (planId(planned) !== plan)
      return {
        ...answer(
          `The plan has changed. Now it is:\n${this.#told(planned, true)}\nplan id: ${planId(planned)}`,
          'show the new plan to the user.',
        ),
        isError: true,
      };
    return this.#report(await applyTo(this.#target));
  }

  async start(jobs: readonly string[]): Promise<Answer> {
    return this.#report(
      await this.#ask<'start'>({ name: 'start', jobs, all: false, wait: true }, true),
      true,
    );
  }

  async stop(jobs: readonly string[]): Promise<Answer> {
    return this.#report(await this.#ask<'stop'>({ name: 'stop', jobs, all: false }));
  }

  async restart(jobs: readonly string[], isRolling: boolean): Promise<Answer> {
    const rolling = isRolling ? { rolling: true } : {};
    return this.#report(
      await this.#ask<'restart'>({ name: 'restart', jobs, all: false, wait: true, ...rolling }),
      true,
    );
  }

  async wait({ jobs, for: state, timeoutSeconds }: WaitAsked): Promise<Answer> {
    const client = new ClientOfDaemon(this.#target);
    try {
      const found = await client.wait(jobs, { for: state, timeoutMs: timeoutSeconds * 1000 });
      return answer(`${found.map(({ name }) => name).join(', ')}: ${state}`);
    } catch (error) {
      if (!(error instanceof TimedOutError)) throw error;
      const now = await client.status(jobs);
      const states = now.jobs.map(({ name, state: each }) => `${name} is ${each}`).join(', ');
      throw new TimedOutError(error.code, `${error.message}: ${states}`);
    }
  }

  /** For a request by hand the report gives the reason of each named job that is not up. */
  #report(report: Report, isByHand = false): Answer {
    const down = report.changes.find(({ state }) => state === 'failed' || state === 'backoff');
    const idle = isByHand && !report.ok ? report.changes.find(({ pid }) => pid === null) : undefined;
    const next =
      down === undefined
        ? idle && `\`why\` says why ${printable(idle.job)} is ${idle.state}.`
        : `\`why\` says why ${printable(down.job)} is down.`;
    return { ...answer(this.#told(report, false, isByHand), next), ...(report.ok ? {} : { isError: true }) };
  }

  #told(report: Report, isPlan: boolean, isByHand = false): string {
    if (report.problems.length > 0) return `${renderProblems(report.problems)}Nothing was changed.`;
    return renderReport(report, isPlan, this.#context(), { isByHand });
  }

  #context(): RenderContext {
    return { columns: Infinity, color: false, now: Date.now() };
  }

  #ask<Name extends Request['name']>(
    request: Request & { readonly name: Name },
    mayLaunch = false,
  ): Promise<Answers[Name]> {
    return requestOf<Name>(this.#target, { request, mayLaunch, signals: [] });
  }
}

function patternOf(text: string): RegExp | Error {
  try {
    return new RegExp(text, 'u');
  } catch (error) {
    return error as Error;
  }
}
