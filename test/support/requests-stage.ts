import type { Job } from '../../src/config/config.ts';
import { Chronicle } from '../../src/daemon/feeds/chronicle.ts';
import { EventFeed } from '../../src/daemon/feeds/event-feed.ts';
import { History } from '../../src/daemon/feeds/history.ts';
import { Inspections } from '../../src/daemon/feeds/inspections.ts';
import { settingOf } from '../../src/daemon/feeds/job-setting.ts';
import { Tallies } from '../../src/daemon/feeds/tallies.ts';
import type { JobRequest, RequestContext } from '../../src/daemon/requests/context.ts';
import { Requests } from '../../src/daemon/requests/requests.ts';
import type { Progress, Refusal, Reply, Report, Transition } from '../../src/wire/messages.ts';
import { FleetStage } from './fleet-stage.ts';
import { LEAST_JOB } from './least-job.ts';
import { memoryHistory } from './memory-history.ts';

/** A daemon's answer, and what it told before. */
export interface Answered {
  readonly answer: unknown;
  readonly progress: readonly Progress[];
}

/** The requests of a daemon whose jobs run in a `FleetStage`. */
export class RequestsStage extends FleetStage {
  readonly transitions: Transition[] = [];
  readonly history = new History(this.clock, memoryHistory(), 'b');
  readonly tallies = new Tallies(this.clock);
  readonly feed = new EventFeed();
  readonly inspections = new Inspections(this.clock);
  /** What the config of each folder says. */
  readonly configs = new Map<string, Readonly<Record<string, Partial<Job>>>>();
  /** What is in the place of a log. */
  logKind: string | null = 'file';
  isEnding = false;
  readonly requests: Requests;

  constructor() {
    super();
    const chronicle = new Chronicle({
      history: this.history,
      tallies: this.tallies,
      setting: (name) => settingOf(this.fleet, name),
      tell: (transition) => {
        this.transitions.push(transition);
        this.feed.note(transition);
      },
    });
    this.onStep = (name, step) => {
      const { name: job, tags } = this.fleet.get(name)?.job ?? { name, tags: [] };
      this.inspections.note('job', name, step, { job, tags });
      chronicle.note(name, job, step);
    };
    this.requests = new Requests(this.requestContext());
  }

  /** Asks, and lets everything happen that needs no time but this much. */
  async ask(request: JobRequest, ms = 1): Promise<Answered> {
    const { answer, progress } = this.asking(request);
    await this.settle(ms);
    return { answer: await soon(answer), progress };
  }

  /** Asks, and does not wait for the answer. */
  asking(request: JobRequest): {
    readonly answer: Promise<unknown>;
    readonly progress: Progress[];
    readonly replies: Reply[];
    readonly leave: () => void;
  } {
    const progress: Progress[] = [];
    const replies: Reply[] = [];
    let leave = (): void => undefined;
    const peer = {
      client: null,
      onGone: (callback: () => void) => (leave = callback),
      reply: (reply: Reply) => {
        replies.push(reply);
        if (reply.kind === 'progress') progress.push(reply.progress);
      },
    };
    const answer = this.requests
      .handle(request, peer)
      .then((reply) => (reply.kind === 'answer' ? reply.answer : (reply as { refusal: Refusal }).refusal));
    return { answer, progress, replies, leave: () => leave() };
  }

  /** What a report says of each job, in few words, and the facts behind it. */
  async report(request: JobRequest, ms = 1): Promise<unknown> {
    const { answer } = await this.ask(request, ms);
    const { ok, changes } = answer as Report;
    if (changes === undefined) return answer;
    return [
      ok,
      ...changes.map(({ job, action, reason, state, facts }) => [job, action, reason, state, ...facts]),
    ];
  }

  /** All that its requests read and change. */
  requestContext(): RequestContext {
    const probes = { logKind: () => this.logKind };
    return {
      fleet: this.fleet,
      kept: this.kept,
      world: { ...this.world, probes } as unknown as RequestContext['world'],
      history: this.history,
      tallies: this.tallies,
      feed: this.feed,
      inspections: this.inspections,
      chart: () => ({
        machine: 'daemon',
        id: '4242',
        job: '',
        tags: [],
        snapshot: { status: 'active', value: 'ProcessRequest', context: {} } as never,
      }),
      readConfig: (dir) => {
        const jobs = this.configs.get(dir);
        if (jobs === undefined)
          return { ok: false, files: [], problems: [{ file: dir, line: 1, column: 1, message: 'bad' }] };
        const whole = Object.entries(jobs).map(([name, job]): Job => ({
          ...LEAST_JOB,
          name,
          startMs: 0,
          ...job,
        }));
        return { ok: true, files: ['a.toml'], config: { jobs: whole } } as never;
      },
      realPath: (path) => path,
      loginTrouble: () => null,
      isEnding: () => this.isEnding,
      daemon: () => ({ pid: 4242, port: 40_000, version: '0.1.0', startedAt: '' }),
    };
  }
}

/** What is answered by now. */
export const soon = (answer: Promise<unknown>): Promise<unknown> =>
  Promise.race([answer, Promise.resolve('no answer yet')]);
