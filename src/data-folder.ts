import { basename, dirname, extname, join } from 'node:path';

/** The daemon's own log, which messages to the user name. */
export const DAEMON_LOG = 'overseerd.log';

/** The entries of the data folder. */
const ENTRIES = {
  socket: 'socket',
  daemonLog: DAEMON_LOG,
  lock: 'lock',
  id: 'id',
  journal: 'state.journal',
  logs: 'logs',
  exits: 'exits',
  history: 'history',
  stdin: 'stdin',
  runs: 'run',
} as const;

/** The paths in the data folder. No other file spells them. */
export type DataFolder = Readonly<Record<keyof typeof ENTRIES, string>>;

export function dataFolder(data: string): DataFolder {
  const at = (entry: string): string => join(data, entry);
  return {
    /** The address of the daemon, and the secret that its clients need. */
    socket: at(ENTRIES.socket),
    daemonLog: at(ENTRIES.daemonLog),
    /** Locked by the daemon that serves this folder. */
    lock: at(ENTRIES.lock),
    /** A random id, by which the processes of this folder's jobs are known. */
    id: at(ENTRIES.id),
    journal: at(ENTRIES.journal),
    /** One log for each job instance. */
    logs: at(ENTRIES.logs),
    /** One file for each job instance, into which a shell writes the exit code. */
    exits: at(ENTRIES.exits),
    /** One file for each job instance, with its changes of state and its runs. */
    history: at(ENTRIES.history),
    /** One FIFO for each job instance that runs with an open standard input. */
    stdin: at(ENTRIES.stdin),
    /** One data folder for each project. */
    runs: at(ENTRIES.runs),
  };
}

/**
 * True if a folder holds what every data folder holds that a daemon has served; another daemon's is known by
 * this.
 */
export function isDataFolder(names: { has(name: string): boolean }): boolean {
  return [ENTRIES.lock, ENTRIES.daemonLog, ENTRIES.journal].every((name) => names.has(name));
}

/** True if a folder holds something, and nothing of it is ours. */
export function isForeign(entries: readonly string[]): boolean {
  const ours: readonly string[] = Object.values(ENTRIES);
  return entries.length > 0 && !entries.some((entry) => ours.includes(entry));
}

/**
 * Whether a name in the data folder is one of ours, or a copy of one that is being written, rotated or set
 * aside.
 */
export function isOurs(entry: string): boolean {
  const stems = [...Object.values(ENTRIES), stemOf(ENTRIES.journal)];
  return stems.some(
    (stem) => entry === stem || (entry.startsWith(stem) && /[.-]/.test(entry.charAt(stem.length))),
  );
}

const LOG_ENDING = '.log';

/** The log of a job instance in the folder of the logs. */
export const logOf = (logs: string, instance: string): string => join(logs, `${instance}${LOG_ENDING}`);

/** The instance whose log a file of the folder of the logs is; null for every other file. */
export const instanceOfLog = (entry: string): string | null =>
  entry.endsWith(LOG_ENDING) ? entry.slice(0, -LOG_ENDING.length) : null;

/** A rotated log; 1 is the newest. */
export const rotatedLog = (log: string, index: number): string => `${log}.${index}`;

/** A log that is being rotated, until the copy is complete. */
export const rotatingLog = (log: string): string => `${log}.rotating`;

/** Pipes that are being made for the outputs of jobs; each loses its name at once. */
export const pipesIn = (logs: string): string => join(logs, '.pipes');

/** Next to each log, also a rotated one: when which part of it was written. */
export const logIndexOf = (log: string): string => `${log}.idx`;

/** The file into which the exit code of an instance's child is written. */
export const exitFileOf = (exits: string, instance: string): string => join(exits, instance);

/** The FIFO that is the standard input of an instance. */
export const stdinOf = (stdin: string, instance: string): string => join(stdin, instance);

/** The unchanged copy of a journal with damaged lines. */
export const corruptJournal = (journal: string, time: string): string => `${stemOf(journal)}.corrupt-${time}`;

/** The last record of a journal, which a crash cut short. */
export const tornJournal = (journal: string): string => `${stemOf(journal)}.torn`;

const stemOf = (journal: string): string => join(dirname(journal), basename(journal, extname(journal)));
