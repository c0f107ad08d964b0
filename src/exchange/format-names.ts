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

/** The formats that a config can be exported to. */
export const EXPORT_FORMATS = [
  'systemd',
  'launchd',
  'procfile',
  'compose',
  'nomad',
  'nomad-json',
  'kubernetes',
] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** Those in which a job runs in a container, so that an image has to be named. */
export const CONTAINER_FORMATS: readonly string[] = ['compose', 'kubernetes'];
