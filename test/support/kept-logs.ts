import { EventEmitter } from 'node:events';
import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { LogPolicy } from '../../src/config/config.ts';
import type { JobLog } from '../../src/job/logs/job-log.ts';
import { LogKeeper } from '../../src/job/logs/log-keeper.ts';
import type { LogWriters } from '../../src/job/logs/log-writers.ts';
import type { RotationsOptions } from '../../src/job/logs/rotations.ts';
import { thisOs } from '../../src/os/this-os.ts';
import { FakeClock } from './fake-clock.ts';
import { newFolder } from './new-folder.ts';

/** How often a keeper polls. */
export const LOOK_MS = 500;

interface KeptLogs {
  /** What the writers say; null for a keeper without writers. */
  readonly writers?: Partial<LogWriters> | null;
  readonly onWatch?: (path: string) => void;
  readonly pause?: RotationsOptions['pause'];
}

/** A keeper of logs whose writers, watches and pauses say what the test has them say. */
export function keptLogs({ writers = {}, onWatch = () => undefined, pause }: KeptLogs = {}) {
  const folder = newFolder();
  const clock = new FakeClock();
  const said: string[] = [];
  const watched: string[] = [];
  const open = new Set<EventEmitter>();
  const state = { logs: [] as readonly JobLog[] };
  let writerEnds: (path: string) => void = () => undefined;
  const keeper = new LogKeeper({
    clock,
    os: thisOs(),
    log: { line: (text) => said.push(text) },
    logOf: (name) => state.logs.find(({ path }) => basename(path) === name) ?? null,
    writers:
      writers &&
      ({
        tend: () => undefined,
        lacks: () => false,
        forget: () => undefined,
        find: () => null,
        whenOneEnds: (callback: typeof writerEnds) => (writerEnds = callback),
        ...writers,
      } as Partial<LogWriters> as LogWriters),
    watch: (file) => {
      onWatch(file);
      watched.push(basename(file));
      const watcher = new EventEmitter();
      open.add(watcher);
      return Object.assign(watcher, { close: () => open.delete(watcher) }) as never;
    },
    ...(pause && { pause }),
  });
  const at = (name: string): string => join(folder, name);
  /** Lets seconds pass in which no log grows. */
  const rest = (seconds: number): void => {
    for (let looks = 0; looks < (seconds * 1_000) / LOOK_MS; looks += 1) clock.advance(LOOK_MS);
  };
  /** Logs of jobs that run since then, which are there and are looked at. */
  const begin = (
    names: readonly string[],
    policy: Partial<LogPolicy> = {},
    since = clock.wall() + 1,
    within: JobLog['within'] = (work) => work(),
  ): void => {
    state.logs = names.map((name) => ({
      path: at(name),
      policy: { maxBytes: 10, keep: 2, rotate: 'off', outputs: 'file', ...policy },
      child: { pgid: 2 ** 31 - 7, since, isOurs: () => true, isOvertaken: () => false },
      within,
    }));
    for (const name of names) writeFileSync(at(name), '1');
    for (const name of names) keeper.wake(name);
    clock.advance(LOOK_MS);
  };
  return {
    keeper,
    clock,
    said,
    watched,
    state,
    folder,
    at,
    rest,
    begin,
    openWatches: () => open.size,
    end: (path: string) => writerEnds(path),
  };
}
