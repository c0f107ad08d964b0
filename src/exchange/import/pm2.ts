import { dirname, extname, isAbsolute, join } from 'node:path';
import { envTexts, shellCommand, wordsCommand } from '../commands.ts';
import type { JobDraft, Import } from '../draft.ts';
import { secondsIn } from '../syntax/durations.ts';
import { quotedWords } from '../syntax/quoted-words.ts';
import {
  as,
  CARRIED,
  isTable,
  readKeys,
  sizeHere,
  textsIn,
  variablesIn,
  type At,
  type Reader,
  textOf,
} from './readers.ts';
import type { ImportSource } from './source.ts';
import { readYaml } from './yaml.ts';

const INTERPRETERS: Readonly<Record<string, readonly string[]>> = {
  '.js': ['node'],
  '.cjs': ['node'],
  '.mjs': ['node'],
  '.ts': ['bun'],
  '.tsx': ['bun'],
  '.py': ['python3'],
  '.rb': ['ruby'],
  '.sh': ['bash'],
  '.pl': ['perl'],
  '.php': ['php'],
};

/** An ecosystem file of pm2, in JSON, in YAML, or as the JSON that a trusted script has come to. */
export function importPm2(source: ImportSource, into: Import): void {
  const reading = readYaml(source, into);
  if (reading === null) return;
  const { value, lineOf } = reading;
  const apps = isTable(value) && 'apps' in value ? value['apps'] : value;
  const prefix = isTable(value) && 'apps' in value ? ['apps'] : [];
  if (isTable(value))
    for (const key of Object.keys(value))
      if (key !== 'apps' && prefix.length > 0)
        into.remark(
          { file: source.file, line: source.script === null ? lineOf([key]) : null },
          key === 'deploy'
            ? 'deploy is left out: overseer copies nothing to other machines'
            : `${key} is left out: overseer has nothing that is like it`,
        );
  for (const [index, app] of (Array.isArray(apps) ? apps : [apps]).entries()) {
    const path = Array.isArray(apps) ? [...prefix, index] : prefix;
    const spotOf = (key: string): { file: string; line: number } => ({
      file: source.file,
      line:
        source.script === null || !isTable(app)
          ? lineOf([...path, key])
          : lineInScript(source.script, textOf(app['name'] ?? app['script']), key),
    });
    if (!isTable(app))
      into.remark(
        { file: source.file, line: source.script === null ? lineOf(path) : null },
        `this is no app, so it is left out: ${textOf(app)}`,
      );
    else
      importApp(app, source, {
        into,
        spotOf,
        line:
          source.script === null
            ? lineOf(Array.isArray(apps) ? path : [...path, 'script'])
            : spotOf('script').line,
      });
  }
}

/** About where a script says a key of an app: what it exports has no lines of its own. */
function lineInScript(script: string, name: string, key: string): number {
  const begin = Math.max(0, script.indexOf(name));
  const at = script.slice(begin).search(new RegExp(`\\b${key}\\b['"]?\\s*:`));
  return script.slice(0, begin + Math.max(0, at)).split('\n').length;
}

interface Context {
  readonly into: Import;
  readonly spotOf: (key: string) => { readonly file: string; readonly line: number };
  readonly line: number;
}

function importApp(
  app: Readonly<Record<string, unknown>>,
  source: ImportSource,
  { into, spotOf, line }: Context,
): void {
  const script = textOf(app['script'] ?? app['cmd'] ?? '');
  if (script === '') return into.remark({ file: source.file, line }, 'an app without a script is left out');
  const name = textOf(app['name'] ?? script.replace(/^.*\//, '').replace(/\.\w+$/, ''));
  const draft = into.draft(name, { file: source.file, line });
  const folder = dirname(source.file);
  const cwd = textOf(app['cwd'] ?? folder);
  draft
    .set('job_command', commandOf(app, script))
    .set('cwd', isAbsolute(cwd) || /^~|^\$HOME/.test(cwd) ? cwd : join(folder, cwd));
  // The defaults of pm2.
  draft.set('stop_signal', 'SIGINT').set('stop_timeout', 1.6);
  readKeys(draft, app, READERS, { into, source, spotOf });
}

/**
 * pm2 runs a script by an interpreter that it tells by the ending, one with blanks in a shell, and anything
 * else as it is.
 */
function commandOf(app: Readonly<Record<string, unknown>>, script: string): Parameters<JobDraft['set']>[1] {
  const args = Array.isArray(app['args'])
    ? app['args'].map(textOf)
    : (quotedWords(textOf(app['args'] ?? '')) ?? []);
  const own = app['interpreter'] ?? app['exec_interpreter'];
  const flags = [app['interpreter_args'], app['node_args']].flatMap((each) =>
    Array.isArray(each) ? each.map(textOf) : (quotedWords(textOf(each ?? '')) ?? []),
  );
  if (/\s/.test(script) && own === undefined)
    return shellCommand([script, ...args].join(' '), ['bash', '-c']);
  const interpreter =
    own === undefined ? (INTERPRETERS[extname(script)] ?? []) : own === 'none' ? [] : [textOf(own)];
  return wordsCommand([...interpreter, ...(interpreter.length > 0 ? flags : []), script, ...args]);
}

const millis =
  (key: string): Reader =>
  (draft, value, { into, from }) => {
    const seconds = typeof value === 'number' ? value / 1000 : secondsIn(textOf(value));
    if (seconds === null) into.remark(from, `this is no time: ${textOf(value)}`);
    else draft.set(key, seconds);
  };

/** An app that only cron starts anew has a schedule; pm2 runs it once at its own start, too. */
function byCron(draft: JobDraft, value: unknown, { into, from, table, key }: At): void {
  if (table['autorestart'] !== false)
    return into.remark(
      from,
      `${key} is left out: a job of its own can do it: { name = "…-restart", job_command = "overseer ` +
        'restart …", schedule = "…" }',
    );
  draft.set('schedule', textOf(value)).set('run_at_start', true);
  draft.keys.delete('restart');
}

export const READERS: Readonly<Record<string, Reader>> = {
  name: CARRIED,
  script: CARRIED,
  cmd: CARRIED,
  args: CARRIED,
  cwd: CARRIED,
  interpreter: CARRIED,
  exec_interpreter: CARRIED,
  interpreter_args: CARRIED,
  node_args: CARRIED,
  env: (draft, value) => void draft.set('env', envTexts(variablesIn(value))),
  instances: (draft, value, { into, from, source }) => {
    const count = Number(value);
    const wanted = value === 'max' || count <= 0 ? Math.max(1, source.cpus + (count < 0 ? count : 0)) : count;
    if (value === 'max' || count <= 0)
      into.remark(
        from,
        `instances = ${textOf(value)} is ${wanted} on this machine, and stays that on any other`,
      );
    if (wanted > 1) draft.set('instances', wanted);
  },
  exec_mode: (_, value, { into, from }) => {
    if (/cluster/.test(textOf(value)))
      into.remark(
        from,
        'exec_mode cluster shares one port between the copies, which overseer does not: give each ' +
          'a port of its own by OVERSEER_INSTANCE, or listen with reusePort (Node 23.1)',
      );
  },
  watch: (draft, value) => {
    const globs = value === true ? ['.'] : value === false ? [] : textsIn(value);
    if (globs.length > 0) draft.set('watch', [...globs, ...draft.list('watch')]);
  },
  ignore_watch: (draft, value, { table }) => {
    if (table['watch'] !== undefined && table['watch'] !== false)
      draft.set('watch', [...draft.list('watch'), ...textsIn(value).map((each) => `!${each}`)]);
  },
  autorestart: (draft, value) => {
    if (value === false && !draft.keys.has('schedule')) draft.set('restart', 'never');
  },
  autostart: (draft, value, { into, from }) => {
    if (value === false) into.set(draft, 'enabled', false, from);
  },
  stop_exit_codes: (draft, value) =>
    void draft.set('restart', 'on-failure').set('success_codes', textsIn(value).map(Number)),
  max_restarts: (draft, value) => void draft.set('max_restarts', Number(value)),
  min_uptime: millis('start_seconds'),
  restart_delay: (draft, value) => {
    const seconds = Number(value) / 1000;
    if (seconds > 0) draft.set('backoff', { min: seconds, max: seconds, factor: 1 });
  },
  exp_backoff_restart_delay: (draft, value) =>
    void draft.set('backoff', {
      min: Number(value) / 1000,
      max: Math.max(15, Number(value) / 1000),
      factor: 1.5,
    }),
  kill_timeout: millis('stop_timeout'),
  max_memory_restart: (draft, value, { into, from }) =>
    into.set(draft, 'max_memory', typeof value === 'number' ? value : sizeHere(textOf(value)), from),
  namespace: (draft, value, { into, from }) =>
    into.set(draft, 'tags', [textOf(value).replace(/[^A-Za-z0-9_.@:-]+/g, '-')], from),
  cron_restart: byCron,
  cron: byCron,
  wait_ready: 'overseer hears no process.send("ready"); "ready" asks a port, a URL or the log',
  listen_timeout: '"ready" has "within"',
  out_file: 'both outputs go to the log of the job, which `overseer logs` shows',
  output: 'both outputs go to the log of the job, which `overseer logs` shows',
  error_file: 'both outputs go to the log of the job, which `overseer logs` shows',
  error: 'both outputs go to the log of the job, which `overseer logs` shows',
  log_file: 'both outputs go to the log of the job, which `overseer logs` shows',
  log: 'both outputs go to the log of the job, which `overseer logs` shows',
  pid_file: '`overseer status --json` has the pid of each job',
  log_date_format: '`overseer logs -t` says when each line was written',
  time: '`overseer logs -t` says when each line was written',
  merge_logs: 'each copy has a log of its own, and `overseer logs NAME` shows them together',
  combine_logs: 'each copy has a log of its own, and `overseer logs NAME` shows them together',
  log_type: 'a log holds what the job has written',
  shutdown_with_message: 'overseer stops a job by a signal: "stop_signal"',
  increment_var: 'each copy has its number in OVERSEER_INSTANCE',
  instance_var: 'each copy has its number in OVERSEER_INSTANCE',
  uid: 'overseer runs every job as you: run an overseer as that user',
  gid: 'overseer runs every job as you: run an overseer as that user',
  user: 'overseer runs every job as you: run an overseer as that user',
  source_map_support: 'add --enable-source-maps to the command',
  post_update: 'overseer updates nothing by itself',
  treekill: (_, value, { into, from }) => {
    if (value === false)
      into.remark(from, 'treekill = false is left out: overseer always ends the whole process group');
  },
  vizion: CARRIED,
  pmx: CARRIED,
  automation: CARRIED,
  disable_source_map_support: CARRIED,
  force: CARRIED,
  ...Object.fromEntries(
    ['production', 'development', 'staging', 'test'].map((kind) => [
      `env_${kind}`,
      'overseer has no variants of env: import it into a second config, or put it into an env_file',
    ]),
  ),
  filter_env: 'a job gets the base environment only, and what "env" adds',
  description: as('description'),
};
