import type { Command } from '../../cli.ts';

export const run: Command = {
  words: 'run [jobs..]',
  printsLines: true,
  needsNoProject: true,
  about: "Run the jobs of a project's own overseer.toml in this terminal, until Ctrl-C",
  positionals: {
    jobs: 'Only these and those that they come after; a path, such as ../shop, is another project',
  },
  note: 'Its jobs get the variables that the config names, not those of this terminal.',
  options: {
    'exit-on-failure': {
      type: 'boolean',
      about: 'Stop everything and exit with 1 when a run of a job fails',
    },
  },
  // Loaded on demand, so that other commands start faster.
  run: async (cli) => (await import('../../run/run-project.ts')).runProject(cli),
};
