/** What one process uses, as the system tells it. */
export interface ProcessUsage {
  readonly pid: number;
  readonly parent: number;
  /** The session where the system tells it, else the process group: a job has one of its own. */
  readonly session: number;
  readonly memoryBytes: number;
  /** Processor time in milliseconds since it began. */
  readonly cpuMs: number;
}
