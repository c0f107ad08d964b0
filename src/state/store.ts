/** Something that survives the daemon: a map of JSON values, each change one record, the last one wins. */
export interface Store {
  /** Everything that was read back. */
  entries(): ReadonlyMap<string, unknown>;
  /**
   * Appends one record with one write(2). Throws the error of the file system and leaves no half-written
   * record.
   */
  put(key: string, value: unknown): void;
  delete(key: string): void;
  /** Resolves when everything put so far is on the disk; calls are grouped. */
  sync(): Promise<void>;
  /** Bytes in the journal now. */
  readonly bytes: number;
  close(): void;
}

export type StoreOpening =
  | {
      readonly ok: true;
      readonly store: Store;
      /** For the log. */
      readonly notes: readonly string[];
      /**
       * The notes about lost records, and where they are kept; the first report of a trigger repeats them.
       */
      readonly damage: readonly string[];
    }
  | { readonly ok: false; readonly message: string };
