import * as fs from 'node:fs';

type Calls =
  | 'closeSync'
  | 'existsSync'
  | 'fstatSync'
  | 'ftruncateSync'
  | 'lstatSync'
  | 'mkdirSync'
  | 'openSync'
  | 'readSync'
  | 'readdirSync'
  | 'renameSync'
  | 'rmSync'
  | 'statSync'
  | 'writeSync';

/** The calls by which logs and exit records are kept: those of Node, or of a simulated disk. */
export type FileCalls = Pick<typeof fs, Calls> & {
  readonly promises: Pick<typeof fs.promises, 'copyFile' | 'open'>;
};

/** The disk of this machine. */
export const realDisk: FileCalls = fs;
