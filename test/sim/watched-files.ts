import type { JobSnapshot } from '../../machines/job.ts';
import type { Job } from '../../src/config/config.ts';
import { wordForTag } from '../../src/config/tag-word.ts';
import type { Incarnation } from './incarnation.ts';
import { HOME } from './sim-os.ts';
import type { Happening } from './schedule.ts';
import { instancesNamed, jobNameOf } from './sketch.ts';
import type { World } from './world.ts';

/** A change is noticed, and the job on its way to its next run, within this time. */
const NOTICED_MS = 2_000;

/** A job that has been up for less may have made the change itself. */
const STEADY_MS = 1_600;

/** How long it takes at most to look at all files of a job for the first time. */
const SEEN_MS = 500;

/** How long a restart for a file may take at most, with the turns of a busy daemon. */
const REMEMBERED_MS = 10_000;

/** Changes within this time may come to nothing in all, and then nothing is restarted. */
const SETTLING_MS = 500;

/** How long a tool takes at most between two steps of one change. */
const STEP_MOST_MS = 80;

const EDITS = {
  write: 3,
  save: 3,
  create: 2,
  createDeep: 2,
  recreate: 2,
  checkOut: 2,
  replaceFolder: 2,
  removeFolder: 1,
  ofNoConcern: 2,
} as const;

/** The globs of a job that watches its folder. */
export const globsOf = (job: string): readonly string[] => [`${job}/**/*.js`, `!${job}/out/**`];

/** What people and tools do to the files of a job, and what must come of it. */
export class WatchedFiles {
  readonly #world: World;
  /** When each file that a job watches was changed last. */
  readonly #changedAt = new Map<string, number>();
  /** What the folder of a job looked like before each change. */
  readonly #before = new Map<string, { readonly at: number; readonly looks: string }[]>();

  constructor(world: World) {
    this.#world = world;
    for (const job of Object.keys(world.schedule.sketches))
      for (const file of ['main.js', 'src/part.js', 'out/made.js', 'notes.txt'])
        world.tree.write(`${HOME}/${job}/${file}`);
  }

  change(job: string): void {
    const { story, watch, timeline } = this.#world;
    const random = this.#world.random('edit', this.#world.nth('edit'));
    const edit = random.weighted(EDITS);
    story.tell(() => `files of ${job} change: ${edit}`);
    watch.asked();
    const before = this.#before.get(job) ?? [];
    this.#before.set(job, [
      ...before,
      { at: timeline.now, looks: this.#world.tree.looksOf(`${HOME}/${job}`) },
    ]);
    const steady = edit === 'ofNoConcern' ? [] : this.#steadyRuns(job);
    const [now, later = () => undefined] = this.#steps(edit, `${HOME}/${job}`);
    const laterMs = random.int(0, STEP_MOST_MS);
    now();
    timeline.after(laterMs, later);
    for (const each of steady) timeline.after(laterMs + NOTICED_MS, () => this.#check(each));
  }

  /** A job is restarted for a file. */
  restarted(instance: string, file: string): void {
    const at = this.#changedAt.get(file);
    if (at === undefined || this.#world.timeline.now - at > REMEMBERED_MS)
      this.#world.violate(`${instance} is restarted for ${file}, which has not changed`);
  }

  /** What is done at once, and a moment later. */
  #steps(edit: keyof typeof EDITS, folder: string): readonly [() => void, (() => void)?] {
    const { tree } = this.#world;
    const source = `${folder}/src`;
    const hasSource = tree.filesIn(source).length > 0;
    const isInside = hasSource && this.#world.random('inside', this.#world.nth('inside')).chance(0.5);
    const main = isInside ? (tree.filesIn(source)[0] as string) : `${folder}/main.js`;
    const other = `${folder}/.other`;
    switch (edit) {
      case 'write':
        return [() => this.#write(main)];
      // As editors do: a new file takes the place of the old one.
      case 'save':
        return [() => tree.write(`${main}~`), () => this.#move(`${main}~`, main)];
      case 'create':
        return [() => this.#write(`${source}/new-${this.#world.nth('new file')}.js`)];
      case 'createDeep': {
        const deep = `${folder}/lib-${this.#world.nth('new folder')}/deep`;
        return [() => tree.write(`${deep}/notes.txt`), () => this.#write(`${deep}/part.js`)];
      }
      case 'recreate':
        return [() => this.#remove(main), () => this.#write(main)];
      // As a deployment may do: another folder takes the place of this one.
      case 'checkOut':
        return [
          () => ['part', 'more'].forEach((name) => tree.write(`${other}/${name}.js`)),
          () => {
            this.#moveAway(source);
            this.#move(other, source);
          },
        ];
      case 'replaceFolder':
        return [() => this.#remove(source), () => this.#write(`${source}/part.js`)];
      case 'removeFolder':
        return [() => (hasSource ? this.#moveAway(source) : this.#write(main))];
      case 'ofNoConcern':
        return [() => ['out/made.js', 'notes.txt'].forEach((name) => tree.write(`${folder}/${name}`))];
      default:
        return edit satisfies never;
    }
  }

  #write(path: string): void {
    this.#world.tree.write(path);
    this.#noteChange(path);
  }

  #remove(path: string): void {
    for (const file of this.#world.tree.filesIn(path)) this.#noteChange(file);
    this.#world.tree.remove(path);
  }

  /** Moves a folder out of all globs. The system reports the folder, and none of the files in it. */
  #moveAway(path: string): void {
    for (const file of this.#world.tree.filesIn(path)) this.#noteChange(file);
    this.#world.tree.move(path, `${HOME}/.trash/${this.#world.nth('moved away')}`);
  }

  #move(from: string, to: string): void {
    this.#world.tree.move(from, to);
    for (const file of this.#world.tree.filesIn(to)) this.#noteChange(file);
  }

  #noteChange(path: string): void {
    this.#changedAt.set(path, this.#world.timeline.now);
  }

  /** The runs that must come to their end when the files of this job change. */
  #steadyRuns(job: string): readonly SteadyRun[] {
    const { owner, timeline, tree } = this.#world;
    if (owner === null) return [];
    const since = tree.watchedSince(`${HOME}/${job}`, owner);
    if (since === null || timeline.now < since + SEEN_MS) return [];
    const config = this.#mustRestart(job);
    if (config === null) return [];
    return instancesNamed(job).flatMap((instance) => {
      const run = this.#runOf(instance);
      return run === null ? [] : [{ instance, run, daemon: owner, config, from: timeline.now }];
    });
  }

  /**
   * The config in force, in words, if nothing but its watch decides about a job; null where something may
   * delay or prevent its restart.
   */
  #mustRestart(job: string): string | null {
    const { schedule, ledger } = this.#world;
    const jobs = ledger.config?.jobs ?? [];
    const config = jobs.find(({ name }) => name === job);
    if (config === undefined || !isPlain(config)) return null;
    const names = [job, ...config.tags.map(wordForTag)];
    const hasDependents = jobs.some(({ after }) => after.some((other) => names.includes(other)));
    const isTroubled = schedule.throws !== undefined || schedule.happenings.some(mayDelay);
    return hasDependents || isTroubled ? null : JSON.stringify(config);
  }

  /** The number of the current run, if it has been up for a while. */
  #runOf(instance: string): number | null {
    const json = this.#world.disk.newest(`state:${instance}`);
    if (json === null) return null;
    const { value, context } = JSON.parse(json) as Pick<JobSnapshot, 'value' | 'context'>;
    const isUp = value.want === 'Yes' && JSON.stringify(value.child) === '{"Up":"Running"}';
    if (!isUp || context.child === null) return null;
    return this.#world.wall() - Date.parse(context.child.at) > STEADY_MS ? context.run : null;
  }

  #check({ instance, run, daemon, config, from }: SteadyRun): void {
    const { owner, schedule, timeline } = this.#world;
    const isRefused = schedule.happenings.some(
      (each) => 'forMs' in each && each.at <= timeline.now && from <= each.at + each.forMs,
    );
    if (
      isRefused ||
      owner !== daemon ||
      daemon.isAskedToEnd ||
      this.#mustRestart(jobNameOf(instance)) !== config
    )
      return;
    const job = jobNameOf(instance);
    const looks = this.#world.tree.looksOf(`${HOME}/${job}`);
    const before = this.#before.get(job) ?? [];
    if (before.some((each) => each.at > from - SETTLING_MS && each.looks === looks)) return;
    if (this.#runOf(instance) === run)
      this.#world.violate(`${instance} runs on although its files have changed`);
  }
}

interface SteadyRun {
  readonly instance: string;
  readonly run: number;
  readonly daemon: Incarnation;
  readonly config: string;
  readonly from: number;
}

const isPlain = ({ watch, test, rolling, schedule, enabled }: Job): boolean =>
  watch.length > 0 && test === null && !rolling && schedule === null && enabled;

/** In a rolling restart a copy waits for the others before it has its turn. */
const mayDelay = (each: Happening): boolean =>
  each.kind === 'wallJump' ||
  (each.kind === 'ask' && each.request.name === 'restart' && each.request.rolling === true);
