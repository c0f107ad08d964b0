import { dirname } from 'node:path';
import { shellCommand } from '../commands.ts';
import type { Import } from '../draft.ts';
import type { ImportSource } from './source.ts';

const BASE_PORT = 5000;
const PORT_STEP = 100;

/**
 * A Procfile, as foreman and its kin run it: each line in a shell, in the folder of the file, with `.env` and
 * a PORT of its own.
 */
export function importProcfile({ file, text, hasFile, env }: ImportSource, into: Import): void {
  const cwd = dirname(file);
  const hasEnvFile = hasFile('.env');
  const base = Number(/^\s*(?:export\s+)?PORT=["']?(\d+)/m.exec(hasEnvFile ? env() : '')?.[1] ?? BASE_PORT);
  let count = 0;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const from = { file, line: index + 1 };
    if (/^\s*(#|$)/.test(line)) continue;
    const [, name, command] = /^([A-Za-z0-9_-]+)\s*:\s*(.+)$/.exec(line) ?? [];
    if (name === undefined || command === undefined) {
      into.remark(from, `this is no "name: command", so it is left out: ${line.trim()}`);
      continue;
    }
    const draft = into.draft(name, from).set('job_command', shellCommand(command)).set('cwd', cwd);
    if (hasEnvFile) draft.set('env_file', '.env');
    draft.set('env', { PORT: String(base + count * PORT_STEP) });
    count += 1;
    if (name === 'release') {
      draft.set('restart', 'never');
      into.remark(from, 'release runs once; name it in "after" of the jobs that are to wait for it');
    }
  }
  if (count > 0)
    into.remark(
      { file, line: null },
      'foreman ends everything when one process ends, overseer starts that one again: restart = ' +
        '"never" prevents it, and `overseer run --exit-on-failure` ends all',
    );
}
