import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../support/sources.ts';

const WIDTH = 110;
const FOLDERS = ['src', 'machines', 'bin', 'scripts'];
const SOURCE = /\.(ts|mts|js|mjs|sh|css|html)$|\/overseerd?$/;

/** Files with lines that cannot be broken: regular expressions, text in another language, and what the build makes. */
const UNBREAKABLE = new Set([
  'src/cli/autostart/managers/launchd-agent.ts',
  'src/cli/completion/bash.ts',
  'src/cli/completion/fish.ts',
  'src/cli/completion/zsh.ts',
  'src/config/schema/validate.mjs',
  'src/config/values/split-words.ts',
  'src/exchange/import/systemd.ts',
  'src/job/launch/becoming.ts',
  'src/os/pause-group.ts',
  'src/text/posix-zone.ts',
]);

/** Files with a nested template literal that nobody has taken apart yet. */
const TO_BE_BROKEN = new Set([
  'bin/load.js',
  'machines/client.ts',
  'scripts/timer-probe.mjs',
  'src/cli/ask/no-daemon.ts',
  'src/cli/autostart/words.ts',
  'src/cli/charts.ts',
  'src/cli/commands/set-up/clean.ts',
  'src/cli/commands/set-up/import.ts',
  'src/cli/commands/steer/wait.ts',
  'src/cli/graph/draw-graph.ts',
  'src/cli/graph/graph-svg.ts',
  'src/cli/render/problems.ts',
  'src/cli/render/status.ts',
  'src/cli/words/stuck-words.ts',
  'src/config/checks/check-after.ts',
  'src/exchange/import/pm2.ts',
  'src/exchange/import/process-compose.ts',
  'src/wire/envelope.ts',
  'src/exchange/export/procfile.ts',
  'src/exchange/export/nomad.ts',
  'src/cli/commands/set-up/init.ts',
  'src/cli/commands/set-up/export.ts',
]);

test(`no line of the sources is wider than ${WIDTH} columns`, () => {
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`),
  ).filter((file) => SOURCE.test(file) && !UNBREAKABLE.has(file) && !TO_BE_BROKEN.has(file));
  expect(files.length).toBeGreaterThan(400);
  expect(files.flatMap(wideLines)).toEqual([]);
});

test('no comment is wider, in whichever file', () => {
  const comments = [...UNBREAKABLE, ...TO_BE_BROKEN]
    .flatMap(wideLines)
    .filter((line) => /^\S+ +(\/\/|\/?\*)/.test(line));
  expect(comments).toEqual([]);
});

function wideLines(file: string): readonly string[] {
  let text: string;
  try {
    text = readFileSync(join(ROOT, file), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  return text.split('\n').flatMap((line, index) => {
    return Array.from(line).length > WIDTH ? [`${file}:${index + 1} ${line.slice(0, WIDTH)}`] : [];
  });
}
