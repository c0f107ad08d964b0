/** Where a new run writes to. */
export interface JobOutput {
  readonly fd: number;
  /**
   * Starts the process that carries the output to the log, if there is one: before the run may write, and
   * after its shell was started, which takes that time to come to its gate. Throws when the system allows no
   * further process.
   */
  readonly startWriter: () => void;
  /** What has inherited the descriptor keeps it. */
  readonly close: () => void;
}
