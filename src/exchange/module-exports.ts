import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';

const TIMEOUT_SECONDS = 30;
const MOST_BYTES = 16 * 2 ** 20;

/** Says what it has come to on descriptor 3, since a config may print, and in one line what went wrong. */
const PROGRAM = `
const { writeSync } = require('node:fs');
const { argv, exit, stderr } = process;
const said = (text) => { for (let at = 0; at < text.length; ) at += writeSync(3, text.subarray(at)); };
import(argv[1])
  .then((all) => all.default ?? all)
  .then((made) => (typeof made === 'function' ? made() : made))
  .then((made) => said(Buffer.from(JSON.stringify(made) ?? 'null')))
  .then(() => exit(0))
  .catch((error) => {
    stderr.write(String(error?.message ?? error).split('\\n')[0]);
    exit(1);
  });
`;

/** What a module exports, as JSON; it runs in a process of its own. */
export function exportsOf(
  file: string,
): { readonly ok: true; readonly json: string } | { readonly ok: false; readonly message: string } {
  const { status, signal, stderr, output, error } = spawnSync(
    process.execPath,
    ['-e', PROGRAM, pathToFileURL(file).href],
    {
      encoding: 'utf8',
      cwd: dirname(file),
      timeout: TIMEOUT_SECONDS * 1000,
      killSignal: 'SIGKILL',
      maxBuffer: MOST_BYTES,
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    },
  );
  if (status === 0) return { ok: true, json: output[3] ?? '' };
  const why =
    (error as NodeJS.ErrnoException | undefined)?.code === 'ETIMEDOUT'
      ? `it did not end within ${TIMEOUT_SECONDS} s`
      : stderr.trim().split('\n').at(-1) || `it ended by ${signal ?? `exit code ${status}`}`;
  return { ok: false, message: `${file} cannot be run: ${why}` };
}
