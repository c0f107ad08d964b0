import type { Command } from '../cli.ts';

export const run: Command = {
  words: 'run [file]',
  printsLines: true,
  needsNoProject: true,
  about: "Run the jobs of a folder's own overseer.toml in this terminal, until Ctrl-C",
  positionals: { file: 'The file, or its folder (the current one)' },
  note: 'Its jobs get the variables that the config names, not those of this terminal.',
  // What only this command needs is loaded with it: the others start sooner.
  run: async (cli) => (await import('../run/run-project.ts')).runProject(cli, cli.args.text('file') ?? '.'),
};
