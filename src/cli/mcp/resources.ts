import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { McpServer } from '@modelcontextprotocol/server';
import { CHART_NAMES } from '../chart-names.ts';
import type { Homes } from '../../homes.ts';

/** The pages that an assistant may read, and what each is about. */
const PAGES = {
  configuration: 'Every key of a job, with examples',
  commands: 'Every command, its options and exit codes',
  operating: 'Folders, start at login, damaged state, upgrades',
} as const;

/** Beside the bundle. */
const DOCS = new URL('../docs/', import.meta.url);

/** Registers what may be read: the config as it is written, the documentation, and the charts. */
export function registerResources(server: McpServer, homes: Homes): void {
  server.registerResource(
    'config',
    'overseer://config',
    {
      title: 'The config',
      description: 'Every file of the config, as written',
      mimeType: 'application/toml',
    },
    async ({ href }) => ({ contents: await configFiles(homes, href) }),
  );
  for (const [name, description] of Object.entries(PAGES))
    server.registerResource(
      `docs-${name}`,
      `overseer://docs/${name}`,
      { title: `overseer: ${name}`, description, mimeType: 'text/markdown' },
      ({ href }) => {
        const text = readFileSync(new URL(`${name}.md`, DOCS), 'utf8');
        return { contents: [{ uri: href, mimeType: 'text/markdown', text }] };
      },
    );
  for (const name of CHART_NAMES)
    server.registerResource(
      `chart-${name}`,
      `overseer://charts/${name}`,
      {
        title: `The statechart: ${name}`,
        description: 'Each state, and where it leads',
        mimeType: 'text/plain',
      },
      async ({ href }) => {
        const { drawChart } = await import('../charts.ts');
        return {
          contents: [
            { uri: href, mimeType: 'text/plain', text: await drawChart(name, 'text', { simple: false }) },
          ],
        };
      },
    );
}

async function configFiles(
  homes: Homes,
  href: string,
): Promise<{ uri: string; mimeType: string; text: string }[]> {
  const { checkConfig } = await import('../offline.ts');
  return checkConfig(homes, []).files.map((path) => ({
    uri: `${href}/${encodeURIComponent(basename(path))}`,
    mimeType: 'application/toml',
    text: readFileSync(path, 'utf8'),
  }));
}
