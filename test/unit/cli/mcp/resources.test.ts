import type { McpServer } from '@modelcontextprotocol/server';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { registerResources } from '../../../../src/cli/mcp/resources.ts';
import { HOMES } from '../../../support/fake-client.ts';
import { newFolder } from '../../../support/new-folder.ts';

type Read = (uri: URL) => Promise<{ contents: { uri: string; mimeType: string; text: string }[] }>;

/** What is registered for a config folder, by its address. */
function resourcesOf(config: string): ReadonlyMap<string, Read> {
  const resources = new Map<string, Read>();
  const registerResource = (_name: string, uri: string, _meta: object, read: Read): void =>
    void resources.set(uri, read);
  registerResources({ registerResource } as never as McpServer, { ...HOMES, config });
  return resources;
}

test('the config, the pages and the charts may be read', () => {
  expect([...resourcesOf('/none').keys()]).toEqual([
    'overseer://config',
    'overseer://docs/configuration',
    'overseer://docs/commands',
    'overseer://docs/operating',
    'overseer://charts/daemon',
    'overseer://charts/client',
    'overseer://charts/job',
  ]);
});

test('the config is read as it is written, file by file', async () => {
  const config = newFolder();
  writeFileSync(join(config, 'a b.toml'), '# nothing yet');
  writeFileSync(join(config, 'notes.txt'), 'other');
  const found = await resourcesOf(config).get('overseer://config')?.(new URL('overseer://config'));
  expect(found?.contents).toEqual([
    { uri: 'overseer://config/a%20b.toml', mimeType: 'application/toml', text: '# nothing yet' },
  ]);
});

test('a chart is read as text', async () => {
  const address = 'overseer://charts/daemon';
  const found = await resourcesOf('/none').get(address)?.(new URL(address));
  expect(found?.contents).toEqual([
    { uri: address, mimeType: 'text/plain', text: expect.stringContaining('ReceiveRequest') },
  ]);
});
