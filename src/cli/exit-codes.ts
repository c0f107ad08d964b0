/** Every exit code of the contract; 64, 70 and 78 as in sysexits.h. */
export const EXIT = {
  done: 0,
  failed: 1,
  changesPending: 2,
  noDaemon: 3,
  notRunning: 3,
  noSuchJob: 4,
  usage: 64,
  bug: 70,
  config: 78,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
