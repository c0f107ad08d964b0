import { indexBy } from '../text/index-by.ts';
import type { Job } from '../config/config.ts';
import { byInstanceName, isMeant, isSelection, wordForTag } from '../plan/names.ts';
import type { CountsAs, JobInstance } from './job-instance.ts';

/** An instance that another comes after, and how it must be before that one starts. */
export interface Dependency {
  readonly other: JobInstance;
  readonly is: CountsAs;
}

/** Every instance by its name, and which of them come after which. */
export class Roster {
  readonly #instances = new Map<string, JobInstance>();
  /**
   * Caches: instances by name, dependents of a job, and the instances that each word in `after` selects.
   * Cleared when the set of instances changes.
   */
  #sorted: readonly JobInstance[] | null = null;
  #dependentsByName: ReadonlyMap<string, readonly JobInstance[]> | null = null;
  readonly #namedBefore = new Map<string, readonly JobInstance[]>();

  /** In the order of their names. */
  get all(): readonly JobInstance[] {
    return (this.#sorted ??= [...this.#instances.values()].toSorted((a, b) =>
      byInstanceName(a.name, b.name),
    ));
  }

  /** In the order in which they became known. */
  get inOrder(): Iterable<JobInstance> {
    return this.#instances.values();
  }

  get(name: string): JobInstance | undefined {
    return this.#instances.get(name);
  }

  add(instance: JobInstance): void {
    this.#instances.set(instance.name, instance);
    this.#sorted = null;
    this.noteRelations();
  }

  drop(name: string): void {
    this.#instances.delete(name);
    this.#sorted = null;
    this.noteRelations();
  }

  /** The config of an instance has changed, and with it what it comes after. */
  noteRelations(): void {
    this.#dependentsByName = null;
    this.#namedBefore.clear();
  }

  /**
   * The instances that a word selects: an instance, every copy of a job, every job with a tag, or every match
   * of a pattern.
   */
  named(word: string): readonly JobInstance[] {
    const exact = this.#instances.get(word);
    return exact === undefined || isSelection(word)
      ? this.all.filter(({ name, job }) => isMeant({ name, job: job.name, tags: job.tags }, word))
      : [exact];
  }

  /** The dependencies that are not met, and the state that each of them must reach. */
  unmet(instance: JobInstance): readonly Dependency[] {
    return this.dependenciesOf(instance.job).filter(({ other, is }) => !other.isUpAs(is));
  }

  dependenciesOf(job: Job): readonly Dependency[] {
    return job.after.flatMap((name) =>
      this.#namedInAfter(name).map((other) => ({ other, is: job.afterIs[name] ?? other.countsAs })),
    );
  }

  /** The instances that come after this one. */
  dependentsOf({ name, job }: JobInstance): readonly JobInstance[] {
    this.#dependentsByName ??= indexBy(this.all, (each) => each.job.after);
    const words = new Set([job.name, name, ...job.tags.map(wordForTag)]);
    return [...new Set([...words].flatMap((word) => this.#dependentsByName?.get(word) ?? []))];
  }

  /** The instances that a word in `after` selects; cached because it is needed after every step. */
  #namedInAfter(word: string): readonly JobInstance[] {
    const known = this.#namedBefore.get(word);
    if (known !== undefined) return known;
    const named = this.named(word);
    this.#namedBefore.set(word, named);
    return named;
  }
}
