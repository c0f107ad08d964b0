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
    about: 'A folder of which the project is meant, as with `--project`; it goes before the other two.',
    isClients: false,
  },
  { name: 'NO_COLOR', about: 'If it is set, nothing is printed in colour.', isClients: true },
  {
    name: 'OVERSEER_DEBUG',
    about:
      'If it is set, each step of the client is told on stderr, and where a mistake of overseer happened.',
    isClients: true,
  },
] as const;

/** The files of one user, where no variable says otherwise. */
export const FILES = [
  { path: '~/.config/overseer/*.toml', about: 'The config: every such file, in the order of their names.' },
  {
    path: '~/.local/share/overseer/socket',
    about: 'Where the daemon listens, and the secret that lets a client in; there exactly while one listens.',
  },
  { path: '~/.local/share/overseer/state.journal', about: 'What the next daemon has to know.' },
  {
    path: '~/.local/share/overseer/logs/NAME.log',
    about: 'What a job printed; older ones are `NAME.log.1`, `NAME.log.2` and so on.',
  },
  { path: '~/.local/share/overseer/overseerd.log', about: 'What the daemon did, one line an event.' },
] as const;
