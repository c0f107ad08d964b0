import { dirname, isAbsolute, join, resolve } from 'node:path';
import { LIMIT_NAMES } from '../../config/values/resource-limits.ts';
import { envTexts, wordsCommand } from '../commands.ts';
import { RUNS_ONCE, type Import, type JobDraft, type TomlValue } from '../draft.ts';
import { secondsIn } from '../syntax/durations.ts';
import { limitHere } from '../limit-units.ts';
import { interpolateAll, knownVariables } from '../syntax/interpolate.ts';
import { quotedWords } from '../syntax/quoted-words.ts';
import {
  CARRIED,
  isTable,
  keepKnownAfter,
  readKeys,
  sizeHere,
  tellOthers,
  textsIn,
  variablesIn,
  type At,
  type Reader,
  textOf,
} from './readers.ts';
import type { ImportSource } from './source.ts';
import { readYaml } from './yaml.ts';

/** The services of a compose file that name a command; the command of an image is known to nobody here. */
export function importCompose(source: ImportSource, into: Import): void {
  const reading = readYaml(source, into);
  if (reading === null || !isTable(reading.value)) return;
  const { spot } = reading;
  const value = interpolateAll(
    reading.value,
    knownVariables(source.env(), source.environment),
    (name, path) => into.remark(spot(...path), `${name} is not set here, so nothing stands for it`),
  ) as Readonly<Record<string, unknown>>;
  for (const key of Object.keys(value))
    if (!['version', 'name', 'services'].includes(key) && !key.startsWith('x-'))
      into.remark(
        spot(key),
        key === 'include'
          ? 'include is left out: import these files as well, each by a command of its own'
          : `${key} is left out: jobs are processes of this machine, with its files and its network`,
      );
  const services = isTable(value['services']) ? Object.entries(value['services']) : [];
  for (const [name, each] of services) {
    if (!isTable(each)) {
      into.remark(spot('services', name), `${name} is no service, so it is left out`);
      continue;
    }
    const words = [...wordsIn(each['entrypoint']), ...wordsIn(each['command'])];
    if (words.length === 0) {
      const image = textOf(each['image'] ?? name);
      into.remark(
        spot('services', name),
        `${name} runs what its image says, so it is left out: install the program, or let a job ` +
          `run \`docker run --rm --name ${name} ${image}\``,
      );
      continue;
    }
    const draft = into
      .draft(name, spot('services', name))
      .set('job_command', wordsCommand(words))
      .set('cwd', dirname(source.file))
      .set('restart', 'never');
    readKeys(draft, each, READERS, { into, source, spotOf: (key) => spot('services', name, key) });
  }
  if (into.drafts.some((each) => each.text('restart') === 'never'))
    into.remark({ file: source.file, line: null }, RUNS_ONCE);
  keepKnownAfter(into, (draft) => spot('services', draft.name, 'depends_on'));
}

const wordsIn = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.map(textOf) : typeof value === 'string' ? (quotedWords(value) ?? []) : [];

const HERE = 'the job runs on this machine itself, without a container';

const HEALTH_KEYS = ['test', 'interval', 'timeout', 'disable', 'retries', 'start_period'];

export const READERS: Readonly<Record<string, Reader>> = {
  command: CARRIED,
  entrypoint: CARRIED,
  extends: 'write what it extends into the service itself, and import it again',
  image: HERE,
  build: HERE,
  container_name: CARRIED,
  ports: 'the program listens on the machine itself, at its own port',
  expose: CARRIED,
  volumes: 'the program sees the files of the machine: mind the paths in its command and environment',
  networks: 'services find each other at 127.0.0.1, not by their names',
  network_mode: HERE,
  hostname: HERE,
  extra_hosts: HERE,
  working_dir: (draft, value, { source, into, from }) => {
    const dir = textOf(value);
    draft.set('cwd', isAbsolute(dir) ? dir : join(dirname(source.file), dir));
    into.remark(from, `${dir} is a folder of the image: see that there is one on this machine`);
  },
  environment: (draft, value, { source, into, from }) => {
    const variables = Object.entries(variablesIn(value)).flatMap(([name, each]) => {
      const isTaken = isTable(value)
        ? value[name] === null
        : !textsIn(value).some((one) => one.startsWith(`${name}=`));
      if (!isTaken) return [[name, each] as const];
      const taken = source.environment[name];
      into.remark(
        from,
        taken === undefined
          ? `${name} is not set here, so it is left out of env`
          : `${name} is written as it is in this shell now`,
      );
      return taken === undefined ? [] : [[name, taken] as const];
    });
    if (variables.length > 0) draft.set('env', envTexts(Object.fromEntries(variables)));
  },
  env_file: (draft, value, { into, from, source }) => {
    const files = (Array.isArray(value) ? value : [value]).map((each) =>
      isTable(each) ? textOf(each['path']) : textOf(each),
    );
    const there = files.filter((file) => source.hasFile(file));
    for (const file of files.filter((each) => !there.includes(each)))
      into.remark(from, `${file} is not there, so it is left out of env_file`);
    if (there.length > 0)
      draft.set(
        'env_file',
        there.map((each) => resolve(dirname(source.file), each)),
      );
  },
  depends_on: (draft, value, { into, from }) => {
    const names = isTable(value)
      ? Object.entries(value)
      : textsIn(value).map((name) => [name, null] as const);
    for (const [name, each] of names) {
      const condition = isTable(each) ? textOf(each['condition']) : 'service_started';
      draft.set('after', [
        ...draft.list('after'),
        { job: name, is: condition === 'service_completed_successfully' ? 'finished' : 'running' },
      ]);
      if (isTable(each) && each['restart'] === true)
        into.remark(
          from,
          `restart beside ${name} is left out: a job that is up stays up when one before it is restarted`,
        );
    }
  },
  healthcheck: (draft, value, at) => {
    tellOthers(value, HEALTH_KEYS, at);
    if (isTable(value) && (value['retries'] !== undefined || value['start_period'] !== undefined))
      at.into.remark(
        at.from,
        'retries and start_period are left out: "within" of "ready" says how long a start may take',
      );
    const probe = probeOf(value);
    if (probe === null) return at.into.remark(at.from, 'this healthcheck has no test, so it is left out');
    draft.set('ready', probe);
    at.into.remark(
      at.from,
      'the healthcheck says when the job counts as running ("ready"); to have the job restarted ' +
        'when it fails later on, copy it to "alive"',
    );
  },
  restart: (draft, value, { table }) => {
    // Compose prefers the policy of deploy.
    if (isTable(table['deploy']) && isTable(table['deploy']['restart_policy'])) return;
    const [policy, count] = textOf(value).split(':');
    draft.set(
      'restart',
      policy === 'on-failure' ? 'on-failure' : policy === 'no' || policy === 'false' ? 'never' : 'always',
    );
    if (count !== undefined && Number(count) > 0) draft.set('max_restarts', Number(count) + 1);
  },
  stop_signal: (draft, value) => void draft.set('stop_signal', textOf(value)),
  stop_grace_period: (draft, value, at) => timed(draft, 'stop_timeout', value, at),
  scale: (draft, value) => void draft.set('instances', Number(value)),
  deploy: (draft, value, at) => {
    const { into, from } = at;
    if (!isTable(value)) return;
    if (value['replicas'] !== undefined) draft.set('instances', Number(value['replicas']));
    const update = value['update_config'];
    const isRolling = isTable(update) && (update['parallelism'] ?? 1) === 1;
    if (isRolling) into.set(draft, 'rolling', true, from);
    readResources(draft, value['resources'], at);
    readRestartPolicy(draft, value['restart_policy'], at);
    const read = ['replicas', 'resources', 'restart_policy', ...(isRolling ? ['update_config'] : [])];
    for (const key of Object.keys(value))
      if (!read.includes(key))
        into.remark(from, `deploy.${key} is left out: overseer has nothing that is like it`);
  },
  profiles: (draft, value, { into, from }) => {
    // The one by which an export keeps a job from being started.
    const tags = textsIn(value).filter((each) => each !== 'disabled');
    if (tags.length > 0) into.set(draft, 'tags', tags, from);
    into.set(draft, 'enabled', false, from);
  },
  ulimits: (draft, value, { into, from }) => {
    for (const [name, each] of isTable(value) ? Object.entries(value) : []) {
      const soft = isTable(each) ? Number(each['soft']) : Number(each);
      if (!LIMIT_NAMES.some((one) => one === name)) into.remark(from, `the limit ${name} is left out`);
      else
        into.set(
          draft,
          'limits',
          { ...draft.table('limits'), [name]: soft < 0 ? 'unlimited' : limitHere(name, soft) },
          from,
        );
    }
  },
  mem_limit: (draft, value, { into, from }) => into.set(draft, 'max_memory', sizeHere(textOf(value)), from),
  user: 'overseer runs every job as you',
  labels: CARRIED,
  logging: 'what the job prints goes to its log, which `overseer logs` shows',
  tty: 'a job has no terminal',
  stdin_open: (draft, value, { into, from }) => {
    if (value === true) into.set(draft, 'stdin', true, from);
  },
  init: CARRIED,
  privileged: HERE,
  cap_add: HERE,
  cap_drop: HERE,
  read_only: HERE,
  tmpfs: HERE,
  devices: HERE,
  security_opt: HERE,
  pull_policy: HERE,
  platform: HERE,
  secrets: 'put them into an env_file that only you can read',
  configs: HERE,
};

function readResources(draft: JobDraft, value: unknown, at: At): void {
  tellOthers(value, ['limits'], { ...at, key: 'deploy.resources' });
  const limits = isTable(value) ? value['limits'] : null;
  if (!isTable(limits)) return;
  tellOthers(limits, ['memory', 'cpus'], { ...at, key: 'deploy.resources.limits' });
  const { memory, cpus } = limits;
  if (memory !== undefined) at.into.set(draft, 'max_memory', sizeHere(textOf(memory)), at.from);
  if (cpus !== undefined)
    at.into.remark(
      at.from,
      'cpus of deploy.resources.limits is left out: overseer limits no processor time; "nice" lowers the ' +
        'priority',
    );
}

function readRestartPolicy(draft: JobDraft, value: unknown, at: At): void {
  if (!isTable(value)) return;
  tellOthers(value, ['condition', 'delay', 'max_attempts'], { ...at, key: 'deploy.restart_policy' });
  const condition = textOf(value['condition'] ?? 'any');
  draft.set('restart', condition === 'none' ? 'never' : condition === 'on-failure' ? 'on-failure' : 'always');
  const delay = value['delay'] === undefined ? null : secondsIn(textOf(value['delay']));
  if (delay !== null) draft.set('backoff', { min: delay, max: delay, factor: 1 });
  if (value['max_attempts'] !== undefined) draft.set('max_restarts', Number(value['max_attempts']) + 1);
}

function timed(
  draft: Parameters<Exclude<Reader, string>>[0],
  key: string,
  value: unknown,
  { into, from }: At,
): void {
  const seconds = secondsIn(textOf(value));
  if (seconds === null) into.remark(from, `this is no time: ${textOf(value)}`);
  else draft.set(key, seconds);
}

function probeOf(value: unknown): Readonly<Record<string, TomlValue>> | null {
  if (!isTable(value) || value['disable'] === true) return null;
  const { test } = value;
  const words = Array.isArray(test) ? test.map(textOf) : [];
  const command: TomlValue | null =
    typeof test === 'string'
      ? { exe: 'sh', args: ['-c', test] }
      : words[0] === 'CMD-SHELL'
        ? { exe: 'sh', args: ['-c', words.slice(1).join(' ')] }
        : words[0] === 'CMD' && words.length > 1
          ? wordsCommand(words.slice(1))
          : null;
  if (command === null) return null;
  const times = (['interval', 'timeout'] as const).flatMap((key) => {
    const seconds = value[key] === undefined ? null : secondsIn(textOf(value[key]));
    return seconds === null ? [] : [[key, seconds] as const];
  });
  return { command, ...Object.fromEntries(times) };
}
