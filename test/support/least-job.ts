import type { Job } from '../../src/config/config.ts';

/** A job of which the config says no more than its name and its program, `node`, in the home `/home/me`. */
export const LEAST_JOB: Job = {
  name: 'web',
  command: { exe: 'node', args: [] },
  test: null,
  cwd: '/home/me',
  env: {},
  envFromFiles: {},
  umask: null,
  restart: 'always',
  startMs: 1000,
  backoff: { minMs: 100, maxMs: 30_000, factor: 2 },
  maxRestarts: 0,
  stopSignal: 'SIGTERM',
  stopTimeoutMs: 10_000,
  testTimeoutMs: 10_000,
  testIntervalMs: null,
  after: [],
  ready: null,
  schedule: null,
  instances: null,
  watch: [],
  log: { maxBytes: 10_000_000, keep: 5, rotate: 'pause', outputs: 'pipe' },
  description: null,
};
