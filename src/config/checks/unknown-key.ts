import type { Place } from '../toml/document.ts';
import { KEYS, type Key } from '../schema/keys.ts';
import { keyElsewhere } from './elsewhere-keys.ts';
import { show } from './show-value.ts';
import { candidatesOf, didYouMean, type Candidate } from '../../text/did-you-mean.ts';

const JOBS_WORDS = [
  'jobs',
  'job',
  'services',
  'service',
  'programs',
  'program',
  'processes',
  'process',
  'apps',
  'tasks',
  'task',
];

const TABLES: readonly Candidate[] = [
  ...JOBS_WORDS.map((word) => ({ word, write: '[[jobs]]' })),
  ...['defaults', 'default', 'global'].map((word) => ({ word, write: '[defaults]' })),
];

/** What people call the states, or what leads to them, in the table `on`. */
const STATES: readonly Candidate[] = [
  ...['fail', 'fails', 'failure', 'error', 'crash', 'crashed'].map((word) => ({ word, write: '"failed"' })),
  ...['run', 'ready', 'up', 'started', 'healthy'].map((word) => ({ word, write: '"running"' })),
  ...['start', 'launch'].map((word) => ({ word, write: '"starting"' })),
  ...['stop', 'down'].map((word) => ({ word, write: '"stopped"' })),
  ...['finish', 'done', 'success', 'complete', 'completed'].map((word) => ({ word, write: '"finished"' })),
  { word: 'wait', write: '"waiting"' },
  { word: 'test', write: '"testing"' },
];

const keys: readonly Key[] = KEYS;
const isKey = (word: string): boolean => keys.some(({ name }) => name === word);

/** Reports an unknown key with the most similar key, or with the table where it belongs. */
export function describeUnknownKey(place: Place, word: string, known: readonly string[]): void {
  const says = sayer(place);
  place.at(word).report(says(place, word, known), 'key');
}

type Say = (place: Place, word: string, known: readonly string[]) => string;

function sayer({ path, key }: Place): Say {
  if (path.length === 0) return atTop;
  return key === '' ? inJob : inKey;
}

function atTop({ document }: Place, word: string): string {
  const quoted = show(word);
  if (isKey(word)) return `${quoted} stands in no table: write it below [[jobs]] or [defaults]`;
  const cure = didYouMean(word, TABLES);
  const isTableOrMore = typeof document.data[word] === 'object';
  return (
    `unknown ${isTableOrMore ? 'table' : 'key'} ${quoted}` +
    (cure === '' ? ': expected [[jobs]] or [defaults]' : cure)
  );
}

function inJob(_: Place, word: string, known: readonly string[]): string {
  const quoted = show(word);
  if (isKey(word)) return `${quoted} cannot stand in [defaults]: write it in each job`;
  const elsewhere = keyElsewhere(word);
  if (elsewhere !== null) return `unknown key ${quoted}${elsewhere}`;
  const cure = didYouMean(word, keys.filter(({ name }) => known.includes(name)).flatMap(candidates));
  return `unknown key ${quoted}${cure === '' ? `: the keys here are ${known.join(', ')}` : cure}`;
}

function inKey(place: Place, word: string, known: readonly string[]): string {
  const unknown = `unknown key ${show(word)} in ${place.key}`;
  const cure = didYouMean(word, [...candidatesOf(known), ...(place.key === 'on' ? STATES : [])]);
  if (cure !== '') return unknown + cure;
  if (place.key === 'alive' && word === 'log')
    return `${unknown}: only ready waits for a line of the log; the keys here are ${known.join(', ')}`;
  return isKey(word)
    ? `${unknown}: it is a key of the job, to be written before this table begins`
    : `${unknown}: the keys here are ${known.join(', ')}`;
}

function candidates({ name, alias }: Key): readonly Candidate[] {
  return [name, ...alias].map((word) => ({ word, write: JSON.stringify(name) }));
}
