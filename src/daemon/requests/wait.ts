import type { JobState } from '../../plan/job-state.ts';
import type { Waited } from '../../wire/messages.ts';
import type { Peer } from '../../wire/peer.ts';
import type { Fleet } from '../../fleet/fleet.ts';

/** Where a job stays until somebody does something about it. */
const LASTING: readonly JobState[] = ['failed', 'finished', 'stopped'];

/** So many of those that are waited for are named while one waits. */
const PENDING_TOLD = 10;

export interface WaitWanted {
  /** Of instances. */
  readonly names: readonly string[];
  readonly state: JobState;
}

/** Waits until all of the instances are in a state at once, or one of them cannot come there by itself any more. */
export async function waitAnswer(
  fleet: Fleet,
  { names, state }: WaitWanted,
  peer: Pick<Peer, 'reply' | 'onGone'>,
): Promise<Waited> {
  const now = (): { readonly job: string; readonly state: JobState | null }[] =>
    names.map((job) => ({ job, state: fleet.get(job)?.state ?? null }));
  const stuck = (): Waited['stuck'] =>
    now().filter((job) => job.state !== state && (job.state === null || LASTING.includes(job.state)));
  let told = '';
  const isOver = (): boolean => {
    const pending = now().flatMap((job) =>
      job.state === null || job.state === state ? [] : [{ job: job.job, state: job.state }],
    );
    if (pending.length === 0 || stuck().length > 0) return true;
    const words = JSON.stringify(pending);
    if (words !== told)
      peer.reply({
        kind: 'progress',
        progress: {
          done: names.length - pending.length,
          of: names.length,
          pending: pending.slice(0, PENDING_TOLD),
        },
      });
    told = words;
    return false;
  };
  await fleet.until(isOver, (leave) => peer.onGone(leave));
  const left = stuck();
  return {
    ok: left.length === 0,
    stuck: left,
    jobs: names.flatMap((name) => fleet.get(name)?.status() ?? []),
  };
}
