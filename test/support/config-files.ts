import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config, ConfigReading, Job } from '../../src/config/config.ts';
import { formatProblem } from '../../src/config/toml/format-problem.ts';
import { readConfig } from '../../src/config/read-config.ts';

export const HOME = '/home/me';

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

export function folderOf(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'overseer-config-'));
  folders.push(folder);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

export function read(files: Readonly<Record<string, string | Uint8Array>>): ConfigReading & { dir: string } {
  const dir = folderOf(files);
  return { dir, ...readConfig({ dir, home: HOME }) };
}

/** `a.toml:1:2: message` for each problem of the one file a.toml, or of the files given. */
export function complaints(files: string | Readonly<Record<string, string | Uint8Array>>): string[] {
  const reading = read(typeof files === 'string' ? { 'a.toml': files } : files);
  const problems = reading.ok ? [] : reading.problems;
  const lines = problems.map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`);
  return lines.map((line) => line.replaceAll(`${reading.dir}/`, ''));
}

export function jobsOf(text: string): Config['jobs'] {
  const reading = read({ 'a.toml': text });
  if (!reading.ok) throw new Error(reading.problems.map(formatProblem).join('\n'));
  return reading.config.jobs;
}

/** The one job with this line added to the least that a job needs. */
export function jobWith(lines: string): Job {
  const [job] = jobsOf(`[[jobs]]\nname = "web"\njob_command = "node"\n${lines}`);
  if (job === undefined) throw new Error('no job');
  return job;
}

/** The problems of one key, each without its file, its line and `jobs[0] "web": `. */
export function saidAbout(lines: string): string[] {
  return complaints(`[[jobs]]\nname = "web"\njob_command = "node"\n${lines}`).map((line) =>
    line.replace(/^a\.toml:\d+:\d+: jobs\[0\] "web": /, ''),
  );
}
