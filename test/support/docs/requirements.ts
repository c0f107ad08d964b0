/** One bullet of the specification's Requirements: where it is kept, and which tests hold it. */
export interface Requirement {
  readonly id: string;
  /** The bullet of the specification, word for word. */
  readonly text: string;
  /** Files or folders, with a `#name` that must be found in the file. */
  readonly code: readonly string[];
  /** Ids of further tests, beside those whose titles begin with the rule's id. */
  readonly tests?: readonly string[];
}

/** In the order of the text; the numbers are names, given once. */
export const REQUIREMENTS: readonly Requirement[] = [
  {
    id: 'R-1',
    text: 'Run as a server `overseerd`',
    code: ['bin/overseerd', 'machines/daemon.ts', 'src/daemon/main.ts'],
  },
  {
    id: 'R-2',
    text: 'Persist its state somewhere',
    code: ['src/state/journal-store.ts', 'src/fleet/persisted/persisted-state.ts'],
  },
  {
    id: 'R-12',
    text: 'Bind a port to take triggers from',
    code: ['machines/daemon.ts#openSocket', 'src/wire'],
    tests: ['T-252'],
  },
  {
    id: 'R-13',
    text: 'Be triggered by re-running `overseer`',
    code: ['bin/overseer', 'machines/client.ts', 'src/cli/commands/steer/apply.ts'],
    tests: ['T-199'],
  },
  { id: 'R-3', text: 'Detect new jobs', code: ['src/plan'] },
  {
    id: 'R-4',
    text: 'Detect jobs with changed configurations',
    code: ['src/plan', 'machines/job.ts#isOutdated'],
  },
  {
    id: 'R-5',
    text: 'Re-run tests for all jobs',
    code: ['machines/job.ts#runTest', 'src/job/checks/run-test.ts'],
  },
  {
    id: 'R-6',
    text: 'Kill and kickoff processes for jobs with different state',
    code: ['src/plan', 'src/job/job-effects.ts'],
  },
  {
    id: 'R-7',
    text: 'Re-persist state',
    code: ['src/host/chart-host.ts#keep', 'src/state/journal-store.ts'],
    tests: ['T-253', 'T-251'],
  },
  {
    id: 'R-8',
    text: 'Config in `$XDG_CONFIG_HOME/overseer`, default `$HOME/.config/overseer/`',
    code: ['src/homes.ts', 'src/config/toml/files.ts'],
  },
  {
    id: 'R-9',
    text: 'Runtime data in `$XDG_DATA_HOME/overseer`, default `$HOME/.local/share/overseer`',
    code: ['src/homes.ts'],
  },
  {
    id: 'R-10',
    text: 'Kick off process and restart them if they go down',
    code: ['machines/job.ts#spawnChild', 'src/job/launch/launch.ts'],
  },
  {
    id: 'R-11',
    text: 'Check if process should be running with arbitrary test',
    code: ['machines/job.ts#noteVerdict', 'src/job/checks/run-test.ts'],
  },
];
