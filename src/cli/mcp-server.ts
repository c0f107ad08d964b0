import { McpServer } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import type { Target } from '../library/request.ts';
import { VERSION } from '../version.ts';
import { registerResources } from './mcp/resources.ts';
import { registerTools } from './mcp/tools.ts';

const INSTRUCTIONS =
  'overseer supervises jobs that are described in TOML files. Begin with `status`; `why` explains ' +
  'one job. After an edit of the config call `plan`, show it to the user, and then `apply` with ' +
  'its id.';

export interface McpOptions {
  /** Leaves out every tool that changes something. */
  readonly readOnly: boolean;
  readonly interrupted: AbortSignal;
}

/** Speaks the Model Context Protocol on stdin and stdout, until stdin ends or it is interrupted. */
export async function serveMcp(target: Target, { readOnly, interrupted }: McpOptions): Promise<void> {
  const handle = serveStdio(() => {
    const server = new McpServer({ name: 'overseer', version: VERSION }, { instructions: INSTRUCTIONS });
    registerTools(server, target, { readOnly });
    registerResources(server, target.homes);
    return server;
  });
  await new Promise<void>((resolve) => {
    interrupted.addEventListener('abort', () => resolve());
    process.stdin.once('end', resolve);
    process.stdin.once('close', resolve);
  });
  await handle.close();
}
