import { printable } from '../../text/printable.ts';
import { clockWords } from '../render/clock-words.ts';
import { styled, type RenderContext } from '../terminal/render-context.ts';
import { tableLines } from '../terminal/table.ts';
import type { ConfigValue } from './effective-config.ts';
import type { Variable } from './environment-origins.ts';

/** The facts that `show` prints about one job. */
export interface ShownJob {
  readonly job: string;
  readonly instances: readonly string[];
  readonly config: Readonly<Record<string, ConfigValue>>;
  readonly environment: readonly Variable[];
  readonly nextRuns: readonly string[];
}

const MARGIN = '  ';

/** The keys, the environment with where each variable comes from, and the next times. */
export function renderShown(shown: ShownJob, withValues: boolean, context: RenderContext): string {
  const keys = Object.entries(shown.config)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => [{ text: key, paint: 'dim' as const }, { text: printable(inToml(value)) }]);
  const variables = shown.environment.map(({ name, origin, value }) => [
    { text: printable(name) },
    { text: origin, paint: 'dim' as const },
    ...(withValues ? [{ text: value === null ? '' : printable(value) }] : []),
  ]);
  const plain = { ...context, columns: Infinity };
  const part = (title: string, lines: readonly string[]): readonly string[] =>
    lines.length === 0 ? [] : ['', styled(title, 'bold', context), ...lines.map((line) => MARGIN + line)];
  const copies = shown.instances.length === 1 ? '' : `  ${shown.instances.length} instances`;
  return [
    `${styled(printable(shown.job), 'bold', context)}${copies}`,
    ...tableLines(keys, [], plain).map((line) => MARGIN + line),
    ...part('environment', tableLines(variables, [], plain)),
    ...part(
      'next runs',
      shown.nextRuns.map((at) => clockWords(at, context.now)),
    ),
    '',
  ].join('\n');
}

/** As it would stand in the config. */
function inToml(value: ConfigValue): string {
  if (Array.isArray(value)) return `[${(value as readonly ConfigValue[]).map(inToml).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, inner]) => `${key} = ${inToml(inner)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}
