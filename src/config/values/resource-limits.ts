/** The resource limits that a job may set, as ulimit(1) calls and counts them. */
export const LIMIT_NAMES = [
  'nofile',
  'nproc',
  'core',
  'stack',
  'fsize',
  'cpu',
  'memlock',
  'data',
  'as',
] as const;
export type LimitName = (typeof LIMIT_NAMES)[number];

export type ResourceLimit = number | 'unlimited';
export type ResourceLimits = Readonly<Partial<Record<LimitName, ResourceLimit>>>;

/** The hard limits of the process that starts jobs; a missing one is unlimited or unknown. */
export type HardLimits = Readonly<Partial<Record<LimitName, number>>>;
