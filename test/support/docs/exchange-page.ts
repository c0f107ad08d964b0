import { KEYS } from '../../../src/config/schema/keys.ts';
import { EXPORTERS } from '../../../src/exchange/export/formats.ts';
import { EXPORT_FORMATS } from '../../../src/exchange/format-names.ts';
import { READERS as COMPOSE } from '../../../src/exchange/import/compose.ts';
import { READERS as LAUNCHD } from '../../../src/exchange/import/launchd.ts';
import { READERS as PM2 } from '../../../src/exchange/import/pm2.ts';
import { READERS as PROCESS_COMPOSE } from '../../../src/exchange/import/process-compose.ts';
import { READERS as SUPERVISORD } from '../../../src/exchange/import/supervisord.ts';
import { READERS as SYSTEMD } from '../../../src/exchange/import/systemd.ts';

const READ: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  supervisord: SUPERVISORD,
  pm2: PM2,
  systemd: SYSTEMD,
  'process-compose': PROCESS_COMPOSE,
  compose: COMPOSE,
  launchd: LAUNCHD,
};

const SIGNS = { carried: 'yes', partly: 'in part', left: 'no' } as const;

/** docs/migrating/keys.md: what is carried over, from the tables that the code itself goes by. */
export function exchangePage(): string {
  const formats = EXPORT_FORMATS.filter((format) => format !== 'nomad-json');
  const rows = KEYS.map(({ name }) => {
    const fates = formats.map((format) => EXPORTERS[format].fates[name]);
    return `| \`${name}\` | ${fates.map((fate) => (fate === undefined ? 'no' : SIGNS[fate.is])).join(' | ')} |\n`;
  });
  const read = Object.entries(READ).map(([format, readers]) => {
    const names = Object.keys(readers).sort();
    const isLeft = (name: string): boolean => typeof readers[name] === 'string';
    const listed = (all: readonly string[]): string => all.map((name) => `\`${name}\``).join(', ');
    const left = names.filter(isLeft).map((name) => `| \`${name}\` | ${cell(String(readers[name]))} |\n`);
    return `### ${format}\n\nRead: ${listed(names.filter((name) => !isLeft(name)))}.\n\n| left out | instead |\n| --- | --- |\n${left.join('')}`;
  });
  return `# Keys of other tools

\`npm run docs\` makes this page from the tables that \`overseer import\` and \`overseer export\` go by. What is not carried over is told
when it happens, too.

## Export

| key | ${formats.join(' | ')} |
| --- |${formats.map(() => ' --- |').join('')}
${rows.join('')}
## Import

A key that stands in neither list is told as left out. A Procfile and a crontab have no keys.

${read.join('\n')}`;
}

const cell = (text: string): string => text.replaceAll('|', '\\|');
