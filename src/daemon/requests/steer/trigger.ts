import type { ConfigReading } from '../../../config/config.ts';
import type { Fleet, FleetChange } from '../../../fleet/fleet.ts';
import type { ConfigSource, PersistedState } from '../../../fleet/persisted/persisted-state.ts';
import { instancesOf, type Instance } from '../../../plan/instances.ts';
import { isMeant as isMeantBy } from '../../../plan/names.ts';
import type { Refusal, TriggerRequest } from '../../../wire/messages.ts';
import { noSuchJob } from '../refusals.ts';

/** A trigger's changes. */
interface Trigger extends FleetChange {
  /** Where the config was read, if the trigger applies all of it. */
  readonly source: ConfigSource | null;
}

export type WantedTrigger =
  | { readonly ok: true; readonly trigger: Trigger }
  | { readonly ok: false; readonly refusal: Refusal };

type ReadConfig = Extract<ConfigReading, { readonly ok: true }>;

export interface TriggerWorld {
  readonly fleet: Fleet;
  readonly kept: Pick<PersistedState, 'source'>;
  readonly realPath: (path: string) => string;
}

/**
 * The changes of a trigger, or why it is refused: unknown jobs, or a config from elsewhere that would remove
 * jobs.
 */
export function triggerOf(
  { configDir, jobs: words = [], replace = false, allowEmpty }: TriggerRequest,
  { config, files }: ReadConfig,
  { fleet, kept, realPath }: TriggerWorld,
): WantedTrigger {
  const written = instancesOf(config);
  const names = new Set(written.map(({ name }) => name));
  const isNamed = (each: Instance): boolean => words.some((word) => isNamedBy(each, word));
  const unknown = words.filter(
    (word) => fleet.named(word).length === 0 && !written.some((each) => isNamedBy(each, word)),
  );
  if (unknown.length > 0) return { ok: false, refusal: noSuchJob(unknown, [...fleet.all, ...written]) };
  const isAll = words.length === 0;
  const gone = fleet.all.filter((each) => !names.has(each.name) && (isAll || isNamed(each)));
  const removed = gone.map(({ name }) => name);
  const source = { path: configDir, real: realPath(configDir) };
  const jobs = new Set(config.jobs.map(({ name }) => name));
  const lost = [...new Set(gone.map(({ job }) => job.name))].filter((name) => !jobs.has(name));
  // An explicitly empty config counts as intended, whichever config was in force.
  const isMeant = replace || (allowEmpty && files.length === 0);
  if (!isMeant && lost.length > 0 && kept.source !== null && !isSame(kept.source, source))
    return { ok: false, refusal: otherConfig(kept.source, source, lost) };
  const asked = isAll ? written : withDependencies(written.filter(isNamed), written);
  return { ok: true, trigger: { asked, removed, source: isAll || kept.source === null ? source : null } };
}

const isNamedBy = ({ name, job }: Instance, word: string): boolean =>
  isMeantBy({ name, job: job.name, tags: job.tags }, word);

/**
 * A file that moved behind a link, and a link that was turned to another file, are the same config as before.
 */
const isSame = (one: ConfigSource, other: ConfigSource): boolean =>
  one.path === other.path || one.real === other.real;

/** In the order of the config. */
function withDependencies(named: readonly Instance[], written: readonly Instance[]): readonly Instance[] {
  const wanted = new Set(named);
  for (const { job } of wanted)
    for (const word of job.after) for (const other of written) if (isNamedBy(other, word)) wanted.add(other);
  return written.filter((each) => wanted.has(each));
}

/** At most this many jobs are named; more are only counted. */
const NAMED_MAX = 5;

function otherConfig(before: ConfigSource, now: ConfigSource, lost: readonly string[]): Refusal {
  const rest = lost.length - NAMED_MAX;
  const names = `${lost.slice(0, NAMED_MAX).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
  return {
    code: 'other-config',
    message:
      `the jobs of this daemon come from ${before.path}, and ${now.path} does not name ${names}: ` +
      'nothing was changed. ' +
      `For a second daemon, beside this one, say \`overseer --project\` in the project's folder, ` +
      `or \`--data FOLDER\`; ` +
      `\`overseer --replace\` removes ${lost.length === 1 ? 'this job' : 'these jobs'} and goes ahead`,
  };
}
