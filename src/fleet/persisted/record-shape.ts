import { jobMachine } from '../../../machines/job.ts';
import { hookMachine } from '../../../machines/hook.ts';
import type { Job } from '../../config/config.ts';
import type { KeptHooks } from './kept-hooks.ts';

/**
 * What is wrong with a complete record, which another version of overseer may have written; null when it can
 * be used. Checks only what would break this daemon, so a missing or additional key does no harm.
 */
export function wrongShape(record: unknown, kept: unknown): string | null {
  if (!isObject(record) || !isTextOrNull(record['number']) || !isJob(record['job']))
    return 'its config is not one of a job';
  if (!isObject(kept)) return 'it has no snapshot';
  const { value, context } = kept;
  if (!isContext(context)) return 'its snapshot lacks what a job has';
  return isStateOfTheChart(value, context) ? null : 'its state is none of the chart';
}

/** Whether the hooks of a job can be taken up from this record. */
export function isKeptHooks(record: unknown): record is KeptHooks {
  if (!isObject(record) || !isTextOrNull(record['number']) || !isJob(record['job'])) return false;
  if (record['nextJob'] !== undefined && !isJob(record['nextJob'])) return false;
  const { value, context } = record;
  if (typeof value !== 'string' || !Object.hasOwn(hookMachine.states, value) || !isObject(context))
    return false;
  return isCount(context['number']) && [context['current'], context['next']].every(isHookOrNull);
}

type Fields = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string';
const isTextOrNull = (value: unknown): boolean => value === null || isText(value);
const isCount = (value: unknown): boolean => Number.isFinite(value) && Number(value) >= 0;
const areTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText);
const areVariables = (value: unknown): boolean => isObject(value) && Object.values(value).every(isText);

function isJob(job: unknown): boolean {
  if (!isObject(job)) return false;
  const texts: readonly (keyof Job)[] = ['name', 'cwd', 'restart', 'stopSignal'];
  const counts: readonly (keyof Job)[] = ['startMs', 'maxRestarts', 'stopTimeoutMs', 'testTimeoutMs'];
  return (
    texts.every((key) => isText(job[key])) &&
    counts.every((key) => isCount(job[key])) &&
    isCommand(job['command']) &&
    (job['test'] === null || isCommand(job['test'])) &&
    areVariables(job['env']) &&
    areVariables(job['envFromFiles']) &&
    areTexts(job['after']) &&
    areTexts(job['watch']) &&
    isObject(job['log']) &&
    isObject(job['backoff']) &&
    isTextOrNull(job['schedule']) &&
    (job['ready'] === null || (isObject(job['ready']) && isText(job['ready']['kind'])))
  );
}

const isCommand = (command: unknown): boolean =>
  isObject(command) && isText(command['exe']) && areTexts(command['args']);

const isHookOrNull = (hook: unknown): boolean =>
  hook === null ||
  (isObject(hook) &&
    [hook['state'], hook['from'], hook['detail']].every(isText) &&
    isTextOrNull(hook['exitSignal']));

const COUNTS = ['run', 'test', 'flips', 'failures', 'backoffs', 'backoffMs', 'restarts'] as const;

function isContext(context: unknown): context is Fields {
  return (
    isObject(context) &&
    isText(context['name']) &&
    isText(context['spec']) &&
    isObject(context['policy']) &&
    COUNTS.every((key) => isCount(context[key])) &&
    (context['child'] === null || isChild(context['child']))
  );
}

function isChild(child: unknown): boolean {
  if (!isObject(child)) return false;
  const { pid, start, boot, at } = child;
  return Number.isInteger(pid) && Number(pid) > 1 && [start, boot, at].every(isText);
}

/** XState throws for a state that its chart does not have. */
function isStateOfTheChart(value: unknown, context: Fields): boolean {
  if (!isObject(value) || !['want', 'test', 'child'].every((region) => region in value)) return false;
  try {
    jobMachine.resolveState({ value, context } as unknown as Parameters<typeof jobMachine.resolveState>[0]);
    return true;
  } catch (error) {
    if (error instanceof Error) return false;
    throw error;
  }
}
