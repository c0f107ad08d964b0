import { McpServer, ProtocolErrorCode } from '@modelcontextprotocol/server';
import { serveStdio, StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import type { Target } from '../library/request.ts';
import { VERSION } from '../version.ts';
import { OddLines } from './mcp/odd-lines.ts';
import { registerResources } from './mcp/resources.ts';
import { registerTools } from './mcp/tools.ts';

const INSTRUCTIONS =
  'overseer supervises jobs that are described in TOML files. Begin with `status`; `why` explains ' +
  'one job. After an edit of the config call `plan`, show it to the user, and then `apply` with ' +
  'its id.';
type Streams = Required<ConstructorParameters<typeof StdioServerTransport>>;

const MAX_LINE_MIB = 10;
const MAX_LINE_BYTES = MAX_LINE_MIB * 1024 * 1024;

export interface McpOptions {
  /** Leaves out every tool that changes something. */
  readonly readOnly: boolean;
  readonly interrupted: AbortSignal;
  readonly streams: { readonly input: Streams[0]; readonly output: Streams[1] };
  /** Takes what its user should know; the output is the assistant's. */
  readonly tell: (text: string) => void;
}

/**
 * Speaks the Model Context Protocol until the input ends or it is interrupted; false when the input cannot be
 * read on.
 */
export async function serveMcp(
  target: Target,
  { readOnly, interrupted, streams: { input, output }, tell }: McpOptions,
): Promise<boolean> {
  const transport = new StdioServerTransport(input, output, { maxBufferSize: MAX_LINE_BYTES });
  let isReadable = true;
  const lines = new OddLines(MAX_LINE_BYTES);
  input.on('data', (chunk: Buffer) => {
    for (const { shown, id } of lines.push(chunk)) {
      tell(`this line of the input is left out, since it is no message of the protocol: ${shown}`);
      const error = { code: ProtocolErrorCode.InvalidRequest, message: 'Invalid Request' };
      if (id !== null) void transport.send({ jsonrpc: '2.0', id, error }).catch(() => undefined);
    }
  });
  const handle = serveStdio(
    () => {
      const server = new McpServer({ name: 'overseer', version: VERSION }, { instructions: INSTRUCTIONS });
      registerTools(server, target, { readOnly });
      registerResources(server, target.homes);
      return server;
    },
    {
      transport,
      onerror: ({ message }) => {
        if (!message.startsWith('ReadBuffer exceeded')) return;
        isReadable = false;
        tell(`a line of the input is longer than ${MAX_LINE_MIB} MiB`);
      },
    },
  );
  await new Promise<void>((resolve) => {
    interrupted.addEventListener('abort', () => resolve());
    const { onclose } = transport;
    transport.onclose = () => {
      onclose?.();
      resolve();
    };
  });
  await handle.close();
  return isReadable;
}
