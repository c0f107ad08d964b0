import { dirname, isAbsolute, join, resolve } from 'node:path';
import { signalNumbered } from '../../config/values/signal.ts';
import { envTexts, shellCommand, wordsCommand } from '../commands.ts';
import { RUNS_ONCE, type Import, type TomlValue } from '../draft.ts';
import { interpolate, knownVariables } from '../syntax/interpolate.ts';
import { everyText, secondsIn } from '../syntax/durations.ts';
import {
  as,
  CARRIED,
  isTable,
  keepKnownAfter,
  readKeys,
  tellOthers,
  textsIn,
  variablesIn,
  type At,
  type Reader,
  textOf,
} from './readers.ts';
import type { ImportSource } from './source.ts';
import { readYaml } from './yaml.ts';

/** A process-compose.yaml. */
export function importProcessCompose(source: ImportSource, into: Import): void {
  const reading = readYaml(source, into);
  if (reading === null || !isTable(reading.value)) return;
  const { value, spot } = reading;
  const processes = isTable(value['processes']) ? value['processes'] : {};
  for (const key of Object.keys(value))
    if (!['version', 'name', 'processes', 'environment', 'shell', 'log_level', 'log_length'].includes(key))
      into.remark(spot(key), `${key} is left out: overseer has nothing that is like it`);
  const shell = isTable(value['shell'])
    ? [textOf(value['shell']['shell_command'] ?? 'bash'), textOf(value['shell']['shell_argument'] ?? '-c')]
    : ['bash', '-c'];
  for (const [name, each] of Object.entries(processes)) {
    if (!isTable(each)) {
      into.remark(spot('processes', name), `${name} is no process, so it is left out`);
      continue;
    }
    const draft = into
      .draft(name, spot('processes', name))
      .set('cwd', dirname(source.file))
      .set('restart', 'never');
    const words = Array.isArray(each['entrypoint']) ? each['entrypoint'].map(textOf) : null;
    if (words !== null) draft.set('job_command', wordsCommand(words));
    readKeys(draft, each, READERS, {
      into,
      source: { ...source, environment: { ...source.environment, OVERSEER_SHELL: shell.join('\0') } },
      spotOf: (key) => spot('processes', name, key),
    });
    if (isTable(each['liveness_probe']) && !draft.keys.has('ready'))
      into.remark(
        spot('processes', name, 'liveness_probe'),
        'without a readiness_probe the job counts as running after start_seconds',
      );
    draft.addEnv(filled(variablesIn(value['environment']), { into, source, from: spot('environment') }));
    // It reads the .env beside it by itself.
    if (source.hasFile('.env') && each['is_dotenv_disabled'] !== true)
      draft.set('env_file', [join(dirname(source.file), '.env'), ...draft.list('env_file')]);
    if (draft.list('env_file').length === 0) draft.keys.delete('env_file');
    if (!draft.keys.has('job_command')) {
      into.remark(draft.from, `${name} has no command, so it is left out`);
      into.drop(draft);
    }
  }
  keepKnownAfter(into, (draft) => spot('processes', draft.name, 'depends_on'));
  if (into.drafts.some((each) => each.text('restart') === 'never'))
    into.remark({ file: source.file, line: null }, RUNS_ONCE);
}

/** Whole paths, since a relative one would count from the folder of the job. */
function filesThere(
  value: unknown,
  { into, source, from }: Pick<At, 'into' | 'source' | 'from'>,
): readonly string[] {
  const named = textsIn(value);
  for (const file of named.filter((each) => !source.hasFile(each)))
    into.remark(from, `${file} is not there, so it is left out: add it to "env_file" when it is`);
  return named.filter((each) => source.hasFile(each)).map((each) => resolve(dirname(source.file), each));
}

/** It fills in the variables of its own environment when it reads the file. */
function filled(
  variables: Readonly<Record<string, string>>,
  { into, source, from }: Pick<At, 'into' | 'source' | 'from'>,
): Readonly<Record<string, string>> {
  const known = knownVariables(source.env(), source.environment);
  const missing = (name: string): void =>
    into.remark(from, `${name} is not set here, so nothing stands for it`);
  return envTexts(
    Object.fromEntries(
      Object.entries(variables).map(([name, value]) => [name, interpolate(value, known, missing)]),
    ),
  );
}

const HTTP_KEYS = ['host', 'scheme', 'port', 'num_port', 'path'];
const PROBE_KEYS = ['exec', 'http_get', 'period_seconds', 'timeout_seconds', 'failure_threshold'];

/** `{ exec }` or `{ http_get }`, with its times; null, and a remark, for neither. */
function probeOf(value: unknown, failures: boolean): Readonly<Record<string, TomlValue>> | null {
  if (!isTable(value)) return null;
  const { exec, http_get: http } = value;
  const timed: Record<string, TomlValue> = {};
  if (value['period_seconds'] !== undefined) timed['interval'] = Number(value['period_seconds']);
  if (value['timeout_seconds'] !== undefined) timed['timeout'] = Number(value['timeout_seconds']);
  if (failures && value['failure_threshold'] !== undefined)
    timed['failures'] = Number(value['failure_threshold']);
  if (isTable(exec))
    return { command: shellCommand(textOf(exec['command'] ?? ''), ['bash', '-c']), ...timed };
  if (!isTable(http)) return null;
  const scheme = textOf(http['scheme'] ?? 'http');
  const host = textOf(http['host'] ?? '127.0.0.1');
  const port = textOf(http['num_port'] ?? http['port'] ?? 80);
  const path = textOf(http['path'] ?? '/');
  return {
    http: `${scheme}://${host}:${port}${path.startsWith('/') ? path : `/${path}`}`,
    ...timed,
  };
}

const AVAILABILITY_KEYS = ['restart', 'backoff_seconds', 'max_restarts', 'exit_on_end', 'exit_on_skipped'];

const SCHEDULE_KEYS = ['cron', 'interval', 'timezone', 'run_on_start', 'max_concurrent'];

export const READERS: Readonly<Record<string, Reader>> = {
  command: (draft, value, { source, into, from }) => {
    const text = textOf(value);
    if (/\{\{/.test(text))
      into.remark(from, 'templates in {{ }} are left as they are: write what they come to');
    // `$$` in a process-compose file is a single dollar for its shell.
    draft.set(
      'job_command',
      shellCommand(
        text.replaceAll('$$', () => '$'),
        (source.environment['OVERSEER_SHELL'] ?? 'bash\0-c').split('\0'),
      ),
    );
  },
  entrypoint: CARRIED,
  working_dir: (draft, value, { source }) => {
    const dir = textOf(value);
    draft.set('cwd', isAbsolute(dir) || /^(~|\$HOME)/.test(dir) ? dir : join(dirname(source.file), dir));
  },
  environment: (draft, value, at) => void draft.set('env', filled(variablesIn(value), at)),
  env_file: (draft, value, at) => void draft.set('env_file', filesThere(value, at)),
  depends_on: (draft, value, { into, from }) => {
    for (const [name, each] of isTable(value) ? Object.entries(value) : []) {
      const condition = isTable(each) ? textOf(each['condition'] ?? 'process_completed') : '';
      const state = /completed/.test(condition) ? 'finished' : 'running';
      draft.set('after', [...draft.list('after'), { job: name, is: state }]);
      if (condition === 'process_completed')
        into.remark(from, `process_completed of ${name} is taken for is = "finished", which wants success`);
    }
  },
  readiness_probe: (draft, value, at) => {
    const { into, from } = at;
    tellOthers(value, [...PROBE_KEYS, 'initial_delay_seconds'], at);
    if (isTable(value)) tellOthers(value['http_get'], HTTP_KEYS, at);
    const probe = probeOf(value, false);
    if (probe === null)
      return into.remark(from, 'this probe is neither exec nor http_get, so it is left out');
    draft.set('ready', probe);
    if (isTable(value) && value['initial_delay_seconds'] !== undefined)
      into.remark(
        from,
        'initial_delay_seconds is left out: the first probe comes at once, and failures only wait',
      );
  },
  liveness_probe: (draft, value, at) => {
    const { into, from } = at;
    tellOthers(value, PROBE_KEYS, at);
    if (isTable(value)) tellOthers(value['http_get'], HTTP_KEYS, at);
    const probe = probeOf(value, true);
    if (probe === null) into.remark(from, 'this probe is neither exec nor http_get, so it is left out');
    else into.set(draft, 'alive', probe, from);
  },
  ready_log_line: (draft, value) =>
    void draft.set('ready', { log: textOf(value).replace(/[.*+?^${}()|[\]\\]/g, '\\$&') }),
  availability: (draft, value, at) => {
    const { into, from } = at;
    tellOthers(value, AVAILABILITY_KEYS, at);
    if (!isTable(value)) return;
    const policy = textOf(value['restart'] ?? 'no');
    draft.set('restart', policy === 'always' ? 'always' : policy === 'on_failure' ? 'on-failure' : 'never');
    if (policy === 'exit_on_failure')
      into.remark(from, 'exit_on_failure: `overseer run --exit-on-failure` ends all when one fails');
    const seconds = Number(value['backoff_seconds']);
    if (!Number.isNaN(seconds)) draft.set('backoff', { min: seconds, max: seconds, factor: 1 });
    if (Number(value['max_restarts'] ?? 0) > 0) draft.set('max_restarts', Number(value['max_restarts']) + 1);
    if (value['exit_on_end'] === true || value['exit_on_skipped'] === true)
      into.remark(from, 'exit_on_end is left out: overseer goes on with the other jobs');
  },
  shutdown: (draft, value, at) => {
    const { into, from } = at;
    tellOthers(value, ['signal', 'timeout_seconds', 'command'], at);
    if (!isTable(value)) return;
    const signal = signalNumbered(value['signal']);
    if (signal !== null) draft.set('stop_signal', signal);
    else if (value['signal'] !== undefined)
      into.remark(from, `signal ${textOf(value['signal'])} is left out: no signal has this number here`);
    if (value['timeout_seconds'] !== undefined) draft.set('stop_timeout', Number(value['timeout_seconds']));
    if (value['command'] !== undefined)
      into.remark(
        from,
        'the command of shutdown is left out: overseer stops a job by a signal, which the program ' +
          'or a trap of its shell can handle',
      );
  },
  replicas: (draft, value) => {
    if (Number(value) !== 1) draft.set('instances', Number(value));
  },
  success_exit_codes: (draft, value) =>
    void draft.set('success_codes', [...new Set([0, ...textsIn(value).map(Number)])]),
  is_dotenv_disabled: CARRIED,
  name: CARRIED,
  is_disabled: (draft, value, { into, from }) => {
    if (textOf(value) === 'true') into.set(draft, 'enabled', false, from);
    else if (textOf(value) !== 'false')
      into.remark(from, 'is_disabled is a template, which is left out: write enabled = false where it is so');
  },
  extends: 'write what it extends into the process itself, and import it again',
  watch: '"watch" takes globs: the job is restarted when one of these files changes',
  disabled: (draft, value, { into, from }) => {
    if (value === true) into.set(draft, 'enabled', false, from);
  },
  namespace: (draft, value, { into, from }) => into.set(draft, 'tags', [...textsIn(value)], from),
  description: as('description'),
  schedule: (draft, value, at) => {
    const { into, from } = at;
    tellOthers(value, SCHEDULE_KEYS, at);
    if (!isTable(value)) return;
    if (Number(value['max_concurrent'] ?? 1) !== 1)
      into.remark(from, 'max_concurrent is left out: there are never two runs of a job at once');
    if (value['cron'] !== undefined) draft.set('schedule', textOf(value['cron']));
    else if (value['interval'] !== undefined)
      draft.set('schedule', everyText(secondsIn(textOf(value['interval'])) ?? 60));
    if (value['run_on_start'] === true) draft.set('run_at_start', true);
    if (value['timezone'] !== undefined)
      into.remark(from, 'timezone is left out: schedules are in the time zone of the daemon, TZ');
    draft.keys.delete('restart');
  },
  is_daemon: (_, value, { into, from }) => {
    if (value === true) into.remark(from, 'is_daemon: have the program stay in the foreground');
  },
  is_tty: 'a job has no terminal',
  is_interactive: 'a job has no terminal',
  is_foreground: 'run it in a terminal of its own',
  is_elevated: 'overseer runs every job as you',
  log_location: 'what the job prints goes to its log, which `overseer logs` shows',
  log_configuration: '"log" says when to rotate',
  log_rotation: '"log" says when to rotate',
  disable_ansi_colors: '`overseer --no-color` prints no colours of its own; what a job prints stays as it is',
  vars: 'templates are not filled in: write what they come to',
  launch_timeout_seconds: '"ready" has "within"',
};
