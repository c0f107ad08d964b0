import { dataFolder } from '../data-folder.ts';
import { existsSync } from 'node:fs';
import type { Homes } from '../homes.ts';
import type { DaemonLog } from '../job/ports.ts';
import { readWhole } from '../state/journal.ts';
import { readJournal } from '../state/read-journal.ts';
import type { Store } from '../state/store.ts';
import type { Reply, TriggerRequest } from '../wire/messages.ts';
import { acceptConfig } from './requests/steer/accept-config.ts';
import { Fleet } from '../fleet/fleet.ts';
import { thisOs } from '../os/this-os.ts';
import { identifyFolder } from './folder-identity.ts';
import { jobWorld } from './job-world.ts';
import { FOLDER, PersistedState } from '../fleet/persisted/persisted-state.ts';
import { planChanges } from './requests/steer/plan.ts';
import { triggerOf } from './requests/steer/trigger.ts';
import { realPorts } from './real-ports.ts';

export interface OfflinePlanOptions {
  readonly homes: Homes;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly umask: number;
  readonly request: TriggerRequest;
}

const silent: DaemonLog = { line: () => undefined };

/** What a trigger would do without a daemon, from the persisted state, which is only read. */
export async function offlinePlan({
  homes,
  environment,
  umask,
  request,
}: OfflinePlanOptions): Promise<Reply> {
  const ports = realPorts(homes, silent, () => Promise.resolve(true));
  const bytes = readWhole(dataFolder(homes.data).journal);
  if (typeof bytes === 'string')
    return { kind: 'refusal', refusal: { code: 'degraded', message: bytes.replace(/\.$/, '') } };
  const store = readOnly(bytes);
  const folder = existsSync(homes.data)
    ? identifyFolder(homes.data, store.entries().get(FOLDER), thisOs().bootId())
    : { id: '', isCopy: false, record: null, boot: '' };
  const world = jobWorld({ homes, environment, umask, folderId: folder.id, ports });
  const kept = new PersistedState({
    store,
    folder,
    clock: ports.clock,
    log: silent,
    isAlive: (child) => world.processes.look(child, { present: {}, absent: [] }) !== 'gone',
  });
  const fleet = new Fleet({
    world,
    kept,
    log: silent,
    describe: () => '',
    onStep: () => undefined,
    onForget: () => undefined,
  });
  fleet.restore();
  const { configDir, allowEmpty } = request;
  const known = fleet.all.length;
  const reading = acceptConfig(await ports.readConfig(configDir), { dir: configDir, known, allowEmpty });
  if (!reading.ok) return { kind: 'answer', answer: { ok: false, changes: [], problems: reading.problems } };
  const wanted = triggerOf(request, reading, { fleet, kept, realPath: (path) => ports.realPath(path) });
  if (!wanted.ok) return { kind: 'refusal', refusal: wanted.refusal };
  return {
    kind: 'answer',
    answer: { ok: true, problems: [], changes: await planChanges(fleet, wanted.trigger) },
  };
}

/** A store with the entries of a journal; it ignores all writes. */
function readOnly(bytes: Buffer | null): Store {
  const entries = bytes === null ? new Map<string, unknown>() : readJournal(bytes).live.values();
  return {
    entries: () => entries,
    put: () => undefined,
    delete: () => undefined,
    sync: () => Promise.resolve(),
    bytes: 0,
    close: () => undefined,
  };
}
