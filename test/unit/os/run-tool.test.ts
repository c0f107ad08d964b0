import { openSync, closeSync } from 'node:fs';
import { runTool, runToolLater, toolEnvironment, type ToolResult } from '../../../src/os/run-tool.ts';

const later = (file: string, args: readonly string[]): Promise<ToolResult> =>
  new Promise((resolve) => runToolLater(file, args, resolve));

/** What a tool comes to, waited for and not. */
async function both(file: string, ...args: readonly string[]): Promise<readonly ToolResult[]> {
  return [runTool(file, args), await later(file, args)];
}

const DONE: ToolResult = { code: 0, stdout: '', complaint: '', missing: false };

test.each<[string, ToolResult]>([
  ['echo a; echo b', { ...DONE, stdout: 'a\nb\n' }],
  ['echo out; echo " why " >&2; exit 3', { ...DONE, code: 3, stdout: 'out\n', complaint: 'why' }],
  ['exit 1', { ...DONE, code: 1 }],
  // Not as UTF-8: a name of a process may be any bytes.
  [String.raw`printf '\303\244'`, { ...DONE, stdout: 'Ã¤' }],
  ['cat', DONE],
])('`%s` comes to %j', async (script, result) => {
  expect(await both('sh', '-c', script)).toEqual([result, result]);
});

test('a tool that is missing says so, and one that was killed has no exit code', async () => {
  for (const result of await both('/nowhere/ps'))
    expect(result).toEqual({
      ...DONE,
      code: null,
      missing: true,
      complaint: expect.stringContaining('ENOENT'),
    });
  const killed = await both('sh', '-c', 'kill -9 $$');
  expect(killed.map(({ code, missing }) => [code, missing])).toEqual([
    [null, false],
    [null, false],
  ]);
});

test('a tool is the system’s, speaks no language, and knows nothing of where we are', () => {
  expect({ ...toolEnvironment(), PATH: '' }).toEqual({ PATH: '', TZ: 'UTC', LC_ALL: 'C' });
  expect(toolEnvironment()['PATH']).toBe(`/usr/bin:/bin:/usr/sbin:/sbin:${process.env['PATH'] ?? ''}`);
  expect(runTool('sh', ['-c', 'echo $TZ $LC_ALL $HOME']).stdout).toBe('UTC C\n');
});

test('the descriptor 3 of a tool is the one that it was given', () => {
  const fd = openSync('/dev/null', 'r');
  expect(runTool('sh', ['-c', 'test /proc/self/fd/3 -ef /dev/null && echo same'], fd).stdout).toBe(
    process.platform === 'linux' ? 'same\n' : '',
  );
  closeSync(fd);
});

test('a tool whose arguments are too long for the system is one that cannot be run', async () => {
  for (const result of await both('echo', 'x'.repeat(4 * 1024 * 1024)))
    expect(result).toEqual({ ...DONE, code: null, complaint: expect.stringContaining('E2BIG') });
});
