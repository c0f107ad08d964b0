/** The formats that can be imported; here, so that the command line knows them without the parsers. */
export const IMPORT_FORMATS = [
  'procfile',
  'supervisord',
  'pm2',
  'systemd',
  'process-compose',
  'compose',
  'launchd',
  'crontab',
] as const;
export type ImportFormat = (typeof IMPORT_FORMATS)[number];
