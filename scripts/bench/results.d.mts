/** What a run of the benchmark has measured. */
export interface Results {
  readonly date: string;
  readonly minutes: number;
  readonly commit: string | null;
  readonly cores: number;
  readonly kernel: string;
  readonly node: string;
  readonly load: readonly number[];
  readonly rounds: number;
  readonly mib: number;
  readonly peers: readonly Peer[];
  readonly missing: readonly string[];
  readonly rows: readonly Row[];
}

export interface Peer {
  readonly name: string;
  readonly version: string;
  readonly notes: string;
  readonly most: number | null;
}

export interface Row {
  readonly peer: string;
  readonly row: string;
  readonly count: number;
  readonly samples: readonly number[];
  readonly cpu?: readonly number[];
  readonly note?: string;
}
