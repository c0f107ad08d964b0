// The rows of the tables, and the goals that overseer has. Everything that shows results is made from these.

/** `many` stands for the number of jobs of a table. */
export const MANY = null;

export const ROWS = [
  { row: 'status', count: 1, about: 'status, 1 job', unit: 'ms' },
  { row: 'status', count: MANY, about: 'status', unit: 'ms' },
  { row: 'trigger', count: MANY, about: 'apply the config, nothing changed', unit: 'ms' },
  { row: 'change', count: MANY, about: 'apply the config, one job changed', unit: 'ms' },
  { row: 'restart', count: 100, about: 'restart after `kill -9`, 100 jobs', unit: 'ms', hasTail: true },
  { row: 'restart', count: MANY, about: 'restart after `kill -9`', unit: 'ms', hasTail: true },
  {
    row: 'restart-crowd',
    count: MANY,
    about: 'the same beside 2,000 other processes',
    unit: 'ms',
    hasTail: true,
  },
  { row: 'load', count: MANY, about: 'load into a running daemon', unit: 'ms' },
  { row: 'boot', count: MANY, about: 'start with the jobs', unit: 'ms' },
  { row: 'stop', count: MANY, about: 'stop all', unit: 'ms' },
  { row: 'tests', count: MANY, about: 'a test of each job on a trigger', unit: 'ms' },
  { row: 'pss', count: 0, about: 'memory, no job, PSS', unit: 'MB' },
  { row: 'pss', count: MANY, about: 'memory of the daemon, PSS', unit: 'MB' },
  { row: 'rss', count: MANY, about: 'memory of the daemon, RSS', unit: 'MB' },
  { row: 'pss-all', count: MANY, about: 'memory with the helper processes, PSS', unit: 'MB' },
  { row: 'processes', count: MANY, about: 'processes of the manager', unit: '' },
  { row: 'idle', count: MANY, about: 'processor time in 10 idle seconds', unit: 'ms' },
  { row: 'wake-ups', count: MANY, about: 'wake-ups in 10 idle seconds', unit: '' },
  { row: 'log', count: 1, about: '1 GiB of log', unit: 'ms' },
  { row: 'log-cpu', count: 1, about: 'processor time for it', unit: 'ms' },
];

/** Which rows grow with the number of jobs, and are drawn over it. */
export const GROWING = [
  { row: 'load', about: 'Load into a running daemon', unit: 'ms' },
  { row: 'boot', about: 'Start with the jobs', unit: 'ms' },
  { row: 'stop', about: 'Stop all', unit: 'ms' },
  { row: 'status', about: 'Status', unit: 'ms' },
  { row: 'trigger', about: 'Apply, nothing changed', unit: 'ms' },
  { row: 'change', about: 'Apply, one job changed', unit: 'ms' },
  { row: 'restart', about: 'Restart after kill -9', unit: 'ms' },
  { row: 'pss-all', about: 'Memory with helper processes, PSS', unit: 'MB' },
  { row: 'pss', about: 'Memory of the daemon, PSS', unit: 'MB', isDrawn: false },
];

/** A goal is a limit in the unit of the row, or so many times the floor. */
export const GOALS = [
  { row: 'status', count: 1, about: '`status`, 1 job', timesFloor: 1.4 },
  { row: 'status', count: 1_000, about: '`status`, 1,000 jobs', timesFloor: 2 },
  { row: 'trigger', count: 1_000, about: 'trigger, nothing changed, 1,000 jobs', timesFloor: 3.5 },
  { row: 'change', count: 1_000, about: 'change one of 1,000', timesFloor: 5 },
  {
    row: 'restart',
    count: 100,
    about: 'restart after `kill -9`, 100 jobs',
    unit: 'ms',
    atMost: 4,
    tailAtMost: 10,
  },
  { row: 'restart', count: 1_000, about: 'the same with 1,000 jobs', unit: 'ms', atMost: 4, tailAtMost: 10 },
  {
    row: 'restart-crowd',
    count: 1_000,
    about: 'the same beside 2,000 other processes',
    unit: 'ms',
    atMost: 4,
    tailAtMost: 10,
  },
  { row: 'load', count: 1_000, about: 'load 1,000 jobs into a running daemon', timesFloor: 1.1 },
  { row: 'boot', count: 1_000, about: 'start with 1,000 jobs', timesFloor: 1.1 },
  { row: 'stop', count: 1_000, about: 'stop 1,000', unit: 'ms', atMost: 300 },
  { row: 'pss', count: 0, about: 'memory (PSS), no job', unit: 'MB', atMost: 25 },
  { row: 'pss', count: 1_000, about: 'memory (PSS), 1,000 jobs', unit: 'MB', atMost: 45 },
  { row: 'pss', count: 10_000, about: 'memory (PSS), 10,000 jobs', unit: 'MB', atMost: 130 },
  { row: 'wake-ups', count: 1_000, about: 'wake-ups in 10 idle seconds, 1,000 jobs', unit: '', atMost: 0 },
  { row: 'log', count: 1, about: '1 GiB of log', timesFloor: 1.1 },
  { row: 'tests', count: 1_000, about: '1,000 tests on a trigger', timesFloor: 1.2 },
];
