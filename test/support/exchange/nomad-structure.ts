import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../sources.ts';

interface Field {
  readonly type: string;
  /** The attribute or block of a jobspec that it is. */
  readonly hcl?: string;
}

/** Fields and types of the structures that Nomad's API takes, as its Go package declares them. */
const STRUCTURES = JSON.parse(
  readFileSync(join(ROOT, 'test/fixtures/schemas/nomad-api.json'), 'utf8'),
) as Readonly<Record<string, Readonly<Record<string, Field>>>>;

/** The options of the driver raw_exec. */
const RAW_EXEC: Readonly<Record<string, (value: unknown) => boolean>> = {
  command: (value) => typeof value === 'string' && value !== '',
  args: (value) => isTexts(value),
  work_dir: (value) => typeof value === 'string' && value.startsWith('/'),
};

/** What Nomad would not take in a value that is to be one of its structures. */
export function problemsInNomad(value: unknown, structure = 'Job', path = structure): readonly string[] {
  if (!isTable(value)) return [`${path} is no table`];
  const fields = STRUCTURES[structure] ?? {};
  return Object.entries(value).flatMap(([name, each]) => {
    const field = fields[name];
    return field === undefined
      ? [`${path} has no ${name}`]
      : problemsOfType(each, field.type, `${path}.${name}`);
  });
}

function problemsOfType(value: unknown, type: string, path: string): readonly string[] {
  const list = /^\[\](.+)$/.exec(type)?.[1];
  if (list !== undefined)
    return Array.isArray(value)
      ? value.flatMap((each, at) => problemsOfType(each, list, `${path}[${at}]`))
      : [`${path} is no list`];
  if (STRUCTURES[type] !== undefined) return problemsInNomad(value, type, path);
  const isRight = {
    string: typeof value === 'string',
    bool: typeof value === 'boolean',
    int: Number.isSafeInteger(value),
    Duration: Number.isSafeInteger(value),
    'map[string]string': isTable(value) && isTexts(Object.values(value)),
    'map[string]any':
      isTable(value) && Object.entries(value).every(([name, each]) => RAW_EXEC[name]?.(each) === true),
  }[type];
  return isRight === true ? [] : [`${path} is no ${type}: ${JSON.stringify(value)}`];
}

/** What Nomad's server would refuse in a job whose fields are right. */
export function refusalsOfNomad(job: NomadJob): readonly string[] {
  const said: string[] = [];
  const must = (isSo: boolean, text: string): void => void (isSo || said.push(text));
  must(!/[\s\0]/.test(job.ID), 'an ID has no blanks');
  must(['service', 'batch', 'system', 'sysbatch'].includes(job.Type), 'its type');
  must(job.Periodic === undefined || job.Type.endsWith('batch'), 'only batch jobs are periodic');
  for (const { Count, RestartPolicy: policy, Networks = [], Services = [], Tasks } of job.TaskGroups) {
    must(Count >= 0, 'a count is not negative');
    must(['delay', 'fail'].includes(policy.Mode), 'the mode of a restart');
    must(policy.Attempts > 0 || policy.Mode === 'fail', 'without attempts the mode is "fail"');
    must(policy.Interval >= 5e9, 'an interval of at least 5 s');
    must(policy.Attempts * policy.Delay <= policy.Interval, 'all attempts fit into the interval');
    const ports = Networks.flatMap((network) => network.ReservedPorts);
    for (const key of ['Label', 'Value'] as const)
      must(new Set(ports.map((port) => port[key])).size === ports.length, `each ${key} of a port once`);
    const ids = Services.map(({ Name, PortLabel }) => `${Name} ${PortLabel}`);
    must(new Set(ids).size === ids.length, 'a service is at a port once');
    for (const { Name, PortLabel, Checks } of Services) {
      must(/^[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?$/.test(Name), `the name of a service: ${Name}`);
      must(
        ports.some(({ Label }) => Label === PortLabel),
        'a service has a port',
      );
      for (const check of Checks) {
        must(['http', 'tcp'].includes(check.Type), 'the type of a check of the provider nomad');
        must(check.Type !== 'http' || check.Path?.startsWith('/') === true, 'the path of a check');
        must(check.Interval >= 1e9 && check.Timeout >= 1e9, 'the times of a check');
      }
    }
    for (const { Resources } of Tasks) must((Resources?.MemoryMB ?? 10) >= 10, 'memory of at least 10 MB');
  }
  return said;
}

/** The parts of a job by which Nomad judges it. */
export interface NomadJob {
  readonly ID: string;
  readonly Type: string;
  readonly Meta?: Readonly<Record<string, string>>;
  readonly Periodic?: { readonly Specs: readonly string[] };
  readonly TaskGroups: readonly {
    readonly Count: number;
    readonly RestartPolicy: {
      readonly Attempts: number;
      readonly Interval: number;
      readonly Delay: number;
      readonly Mode: string;
    };
    readonly Networks?: readonly {
      readonly ReservedPorts: readonly { readonly Label: string; readonly Value: number }[];
    }[];
    readonly Services?: readonly {
      readonly Name: string;
      readonly PortLabel: string;
      readonly Checks: readonly {
        readonly Type: string;
        readonly Path?: string;
        readonly Interval: number;
        readonly Timeout: number;
      }[];
    }[];
    readonly Tasks: readonly {
      readonly Config: {
        readonly command: string;
        readonly args: readonly string[];
        readonly work_dir: string;
      };
      readonly Env: Readonly<Record<string, string>>;
      readonly KillTimeout: number;
      readonly KillSignal?: string;
      readonly Resources?: { readonly MemoryMB: number };
    }[];
  }[];
}

/** A parsed jobspec as the API has it: each attribute and block under the name of its field. */
export function apiOfHcl(value: unknown, structure = 'Job', name: string | null = null): object {
  const fields = Object.entries(STRUCTURES[structure] ?? {});
  const label = name === null ? {} : { [structure === 'Port' ? 'Label' : 'Name']: name };
  return Object.fromEntries([
    ...Object.entries(label),
    ...Object.entries(value as Table).flatMap(([key, each]) => {
      // A port with a number of its own is a reserved one.
      if (structure === 'NetworkResource' && key === 'port')
        return [['ReservedPorts', blocksOf(each).map(([port, body]) => apiOfHcl(body, 'Port', port))]];
      const [field = `?${key}`, { type } = { type: '' }] = fields.find(([, { hcl }]) => hcl === key) ?? [];
      return [[field, ofType(each, type)]];
    }),
  ]);
}

function ofType(value: unknown, type: string): unknown {
  const list = /^\[\](.+)$/.exec(type)?.[1];
  const structure = list ?? type;
  if (STRUCTURES[structure] !== undefined) {
    const made = blocksOf(value).map(([name, body]) => apiOfHcl(body, structure, name));
    return list === undefined ? made[0] : made;
  }
  if (list !== undefined) return (value as readonly unknown[]).map((each) => plain(each));
  if (type === 'Duration') return nanosecondsOf(String(value));
  if (type.startsWith('map['))
    return Object.fromEntries(
      Object.entries((value as readonly Table[])[0] ?? {}).map(([name, each]) => [name, plain(each)]),
    );
  return plain(value);
}

type Table = Readonly<Record<string, unknown>>;

/** Each block with its label: the parser makes a table of those that have one, and a list of the others. */
function blocksOf(value: unknown): readonly (readonly [string | null, unknown])[] {
  if (Array.isArray(value)) return value.map((each) => [null, each] as const);
  return Object.entries(value as Record<string, readonly unknown[]>).flatMap(([name, bodies]) =>
    bodies.map((body) => [name, body] as const),
  );
}

/** The parser leaves an escaped template as it is. */
const plain = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(plain)
    : typeof value === 'string'
      ? value.replace(/([$%])\1\{/g, '$1{')
      : value;

function nanosecondsOf(text: string): number {
  const [, amount = '', unit = ''] = /^(\d+)(ms|s|m|h)$/.exec(text) ?? [];
  return Number(amount) * ({ ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 }[unit] ?? Number.NaN);
}

const isTable = (value: unknown): value is Table =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isTexts = (value: unknown): boolean =>
  Array.isArray(value) && value.every((each) => typeof each === 'string');
