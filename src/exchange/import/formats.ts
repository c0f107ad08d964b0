import { basename } from 'node:path';
import type { Import } from '../draft.ts';
import type { ImportFormat } from '../format-names.ts';
import { importCompose } from './compose.ts';
import { importCrontab } from './crontab.ts';
import { importLaunchd } from './launchd.ts';
import { importPm2 } from './pm2.ts';
import { importProcessCompose } from './process-compose.ts';
import { importProcfile } from './procfile.ts';
import type { ImportSource } from './source.ts';
import { importSupervisord } from './supervisord.ts';
import { importSystemd } from './systemd.ts';

/** Every format that can be imported. */
export const IMPORTERS: Readonly<Record<ImportFormat, (source: ImportSource, into: Import) => void>> = {
  procfile: importProcfile,
  supervisord: importSupervisord,
  pm2: importPm2,
  systemd: importSystemd,
  'process-compose': importProcessCompose,
  compose: importCompose,
  launchd: importLaunchd,
  crontab: importCrontab,
};

const BY_NAME: readonly (readonly [RegExp, ImportFormat])[] = [
  [/^procfile(\..+)?$/i, 'procfile'],
  [/^supervisord?.*\.(conf|ini)$/i, 'supervisord'],
  [/\.(plist)$/i, 'launchd'],
  [/\.(service|timer)$/i, 'systemd'],
  [/^process-compose.*\.ya?ml$/i, 'process-compose'],
  [/^(docker-)?compose.*\.ya?ml$/i, 'compose'],
  [/^crontab(\..+)?$|\.cron(tab)?$/i, 'crontab'],
  [/^(ecosystem|pm2|process).*\.(json|ya?ml|c?js)$/i, 'pm2'],
];

/** The format of a file, by its name, else by what is in it; null where neither tells. */
export function formatOf(file: string, text: string): ImportFormat | null {
  const [, named = null] = BY_NAME.find(([pattern]) => pattern.test(basename(file))) ?? [];
  if (named !== null) return named;
  if (text.startsWith('bplist') || /<plist\b/.test(text)) return 'launchd';
  if (/^\s*\[(program:|supervisord|group:)/m.test(text)) return 'supervisord';
  if (/^\s*\[(Service|Timer)\]/m.test(text)) return 'systemd';
  if (/^\s*"?processes"?\s*:/m.test(text)) return 'process-compose';
  if (/^\s*"?services"?\s*:/m.test(text)) return 'compose';
  if (/^\s*"?apps"?\s*:/m.test(text) || /"script"\s*:/.test(text)) return 'pm2';
  if (/^(@\w+|(?:[\d*,/-]+\s+){4}[\w*,/-]+)\s+\S/m.test(text)) return 'crontab';
  return /^[\w-]+\s*:\s*\S/m.test(text) ? 'procfile' : null;
}
