/** A file that is to be imported, and what lies beside it. */
export interface ImportSource {
  /** Its whole path. */
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly text: string;
  /** The program that has come to this text; null where the file itself is it. */
  readonly script: string | null;
  /** Whether there is a file of this name, relative to its folder. */
  readonly hasFile: (name: string) => boolean;
  /** Another file, relative to its folder; null where it cannot be read. */
  readonly other: (name: string) => string | null;
  /** Files that match a glob, relative to its folder. */
  readonly matching: (glob: string) => readonly string[];
  /** The text of the `.env` beside it. */
  readonly env: () => string;
  /** The environment of the call. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly user: string;
  readonly cpus: number;
}
