import type { Clock, Timer } from '../../host/clock.ts';
import type { ChildIdentity, MemorySamples, Processes } from '../ports.ts';

/** The time between two samples; after a sample above the limit the next comes sooner. */
const SAMPLE_MS = 5_000;
const AGAIN_MS = 1_000;

interface MemorySampler {
  readonly child: ChildIdentity;
  /** Called with the bytes of each sample; true asks for the next one soon. */
  readonly sampled: (bytes: number) => boolean;
}

/**
 * Measures the memory of jobs that have a limit: one timer for all of them, one look at the process table
 * each time, and nothing at all while there is no such job.
 */
export function memorySamples(clock: Clock, processes: Pick<Processes, 'memoryOf'>): MemorySamples {
  const samplers = new Set<MemorySampler>();
  let timer: Timer | null = null;
  let isLooking = false;

  const settle = (ms: number): void => {
    if (samplers.size === 0) {
      timer?.clear();
      timer = null;
    } else if (timer === null && !isLooking) timer = clock.after(ms, look);
  };

  const look = (): void => {
    timer = null;
    isLooking = true;
    const asked = [...samplers];
    processes.memoryOf(
      asked.map(({ child }) => child),
      (memory) => {
        const isAbove = asked.map((sampler) => {
          const bytes = memory?.get(sampler.child.pid);
          // What one job makes of its sample may end the measuring of another.
          return bytes !== undefined && samplers.has(sampler) && sampler.sampled(bytes);
        });
        isLooking = false;
        settle(isAbove.includes(true) ? AGAIN_MS : SAMPLE_MS);
      },
    );
  };

  return {
    sample: (child, sampled) => {
      const sampler = { child, sampled };
      samplers.add(sampler);
      settle(SAMPLE_MS);
      return {
        end: () => {
          samplers.delete(sampler);
          settle(SAMPLE_MS);
        },
      };
    },
  };
}
