import type { LogPolicy } from '../../config/config.ts';

/** The log of a job instance. */
export interface JobLog {
  readonly path: string;
  readonly policy: LogPolicy;
  /** Whether `ready` still reads it: then no output is dropped, however much there is. */
  readonly isProbed?: boolean;
  /** The process that writes to the log now; null where none runs. */
  readonly child: LogWriter | null;
  /**
   * Runs work on this log in the net of its job: an exception does not prevent the other logs from being
   * polled.
   */
  readonly within: (work: () => void) => void;
}

export interface LogWriter {
  readonly pgid: number;
  /** When it was started, in milliseconds since 1970. */
  readonly since: number;
  /** Whether the group still belongs to that child: no other group may ever be paused. */
  readonly isOurs: () => boolean;
  /** Whether the job has a child of a later run. */
  readonly isOvertaken: () => boolean;
}
