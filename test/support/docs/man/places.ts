/** What both programs take from their surroundings. */
export const ENVIRONMENT = [
  {
    name: 'XDG_CONFIG_HOME',
    about: 'Where the config folder is; a relative or empty value is ignored.',
    isClients: false,
  },
  {
    name: 'XDG_DATA_HOME',
    about: 'Where the data folder is; a relative or empty value is ignored.',
    isClients: false,
  },
  { name: 'OVERSEER_CONFIG', about: 'The config folder itself.', isClients: false },
  { name: 'OVERSEER_DATA', about: 'The data folder itself.', isClients: false },
  {
    name: 'OVERSEER_PROJECT',
    about: 'The folder of the project, as with `--project=DIR`; it overrides `OVERSEER_CONFIG`.',
    isClients: false,
  },
  { name: 'NO_COLOR', about: 'If it is set, nothing is printed in colour.', isClients: true },
  {
    name: 'OVERSEER_DEBUG',
    about: 'If it is set, stderr shows each step of the client, and where a bug of overseer happened.',
    isClients: true,
  },
] as const;

/** The files of one user, where no variable says otherwise. */
export const FILES = [
  { path: '~/.config/overseer/*.toml', about: 'The config: every such file, in the order of their names.' },
  {
    path: '~/.local/share/overseer/socket',
    about:
      'The port of the daemon, and the secret for its clients; it exists exactly while a daemon listens.',
  },
  { path: '~/.local/share/overseer/state.journal', about: 'The persisted state of every job.' },
  {
    path: '~/.local/share/overseer/logs/NAME.log',
    about: 'What a job printed; older ones are `NAME.log.1`, `NAME.log.2` and so on.',
  },
  { path: '~/.local/share/overseer/overseerd.log', about: 'What the daemon did, one line an event.' },
] as const;
