import { indexBy } from '../text/index-by.ts';
import type { Job } from '../config/config.ts';
import { byInstanceName, isMeant, isSelection, wordForTag } from '../plan/names.ts';
import type { CountsAs, JobInstance } from './job-instance.ts';
import type { Moved } from './step-listeners.ts';

/** An instance that another comes after, and how it must be before that one starts. */
export interface Dependency {
  readonly other: JobInstance;
  readonly is: CountsAs;
}

/** Every instance by its name, and which of them come after which. */
export class Roster {
  readonly #instances = new Map<string, JobInstance>();
  /**
   * Caches: instances by name, dependents of a job, and the instances that a word in `after` selects. All but
   * the first may name instances that are gone: clearing them whenever one goes would make the removal of
   * many jobs quadratic.
   */
  #sorted: readonly JobInstance[] | null = null;
  #dependentsByName: ReadonlyMap<string, readonly JobInstance[]> | null = null;
  #byWord: ReadonlyMap<string, readonly JobInstance[]> | null = null;
  readonly #namedBefore = new Map<string, readonly JobInstance[]>();
  readonly #onRelations: () => void;

  /** `onRelations` is called when instances may come after others than before. */
  constructor(onRelations: () => void) {
    this.#onRelations = onRelations;
  }

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
    // The word may now select the copies of a job with that name.
    this.#namedBefore.delete(name);
  }

  /** The config of an instance has changed, and with it what it comes after. */
  noteRelations(): void {
    this.#dependentsByName = null;
    this.#byWord = null;
    this.#namedBefore.clear();
    this.#onRelations();
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

  /** The dependencies that are not met, and the state that each of them must reach; each once. */
  unmet(instance: JobInstance): readonly Dependency[] {
    const unmet = this.dependenciesIn(instance.job).filter(({ other, is }) => !other.isUpAs(is));
    return [...new Map(unmet.map((each) => [`${each.is} ${each.other.name}`, each])).values()];
  }

  /** None where no such instance is known. */
  dependenciesOf(name: string): readonly Dependency[] {
    const instance = this.#instances.get(name);
    return instance === undefined ? [] : this.dependenciesIn(instance.job);
  }

  /** What an instance of this job comes after. */
  dependenciesIn(job: Job): readonly Dependency[] {
    return job.after.flatMap((name) =>
      this.#namedInAfter(name).map((other) => ({ other, is: job.afterIs[name] ?? other.countsAs })),
    );
  }

  /** The instances that come after this one. */
  dependentsOf(instance: JobInstance): readonly JobInstance[] {
    const index = (this.#dependentsByName ??= indexBy(this.inOrder, (each) => each.job.after));
    return index.size === 0 ? [] : this.#foundIn(index, wordsFor(instance));
  }

  /**
   * The instances of which this one is a dependent. While copies give way to a single job of their name, or
   * the other way round, it is one of both.
   */
  dependentOn(name: string): readonly JobInstance[] {
    const after = this.#instances.get(name)?.job.after ?? [];
    if (after.length === 0) return [];
    return this.#foundIn((this.#byWord ??= indexBy(this.inOrder, wordsFor)), after);
  }

  #foundIn(
    index: ReadonlyMap<string, readonly JobInstance[]>,
    words: readonly string[],
  ): readonly JobInstance[] {
    return [...new Set(words.flatMap((word) => index.get(word) ?? []))].filter((each) => this.#isKnown(each));
  }

  /** The instances with dependencies that moved, or of which a dependency moved; null for all of them. */
  affectedBy(moved: Moved): readonly JobInstance[] {
    const affected =
      moved === null
        ? [...this.inOrder]
        : [...moved].flatMap((name) => {
            const instance = this.#instances.get(name);
            return instance === undefined ? [] : [instance, ...this.dependentsOf(instance)];
          });
    return [...new Set(affected)].filter(({ job }) => job.after.length > 0);
  }

  #isKnown(instance: JobInstance): boolean {
    return this.#instances.get(instance.name) === instance;
  }

  /** The instances that a word in `after` selects; cached because it is needed after every step. */
  #namedInAfter(word: string): readonly JobInstance[] {
    const known = this.#namedBefore.get(word);
    if (known !== undefined) return known.filter((each) => this.#isKnown(each));
    const named = this.named(word);
    this.#namedBefore.set(word, named);
    return named;
  }
}

/** The words in `after` that select an instance. */
function wordsFor({ name, job }: JobInstance): readonly string[] {
  return [...new Set([job.name, name, ...job.tags.map(wordForTag)])];
}
