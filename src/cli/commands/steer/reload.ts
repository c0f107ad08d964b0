import type { Command } from '../../cli.ts';

/** `reload` means four different things in other programs, so it is refused with suggestions. */
export const reload: Command = {
  words: 'reload [words..]',
  needsNoProject: true,
  about: null,
  isRefused: true,
  positionals: { words: '' },
  run: (cli) =>
    cli.wrongUsage(
      'there is no `reload`: `overseer` applies the config, `overseer restart JOB` restarts a ' +
        'job, `overseer signal HUP JOB` lets it reload its own',
    ),
};
