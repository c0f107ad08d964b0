import { toneOf } from '../../../plan/state-tone.ts';
import { bytesText } from '../../../text/bytes-text.ts';
import { duration } from '../../../text/duration.ts';
import { exitWords, stateWithExit } from '../../words/state-words.ts';
import type { WebAction, WebJob } from '../messages.ts';
import { ChartView } from './chart-view.tsx';
import { LogView } from './log-view.tsx';
import { useWhy } from './server.ts';

export interface JobViewProps {
  readonly job: WebJob;
  readonly now: number;
  readonly readOnly: boolean;
  readonly onAct: (action: WebAction) => void;
}

/** One job: why it is in its state, what it printed, its chart and its config. */
export function JobView({ job, now, readOnly, onAct }: JobViewProps) {
  const why = useWhy(job.name, JSON.stringify([job.state, job.pid, job.restarts, job.lastExit, job.test]));
  const jobs = [job.name];
  return (
    <article class={`job ${toneOf(job)}`} aria-label={job.name}>
      <header>
        <h2>{job.name}</h2>
        <span class="state" role="status">
          <span class="dot" aria-hidden="true" /> {stateWithExit(job)}
        </span>
        {readOnly ? null : (
          <div class="actions">
            <button type="button" onClick={() => onAct({ action: 'start', jobs })}>
              Start
            </button>
            <button type="button" onClick={() => onAct({ action: 'restart', jobs })}>
              Restart
            </button>
            <button type="button" onClick={() => onAct({ action: 'stop', jobs })}>
              Stop
            </button>
          </div>
        )}
      </header>
      {job.description === null ? null : <p class="soft">{job.description}</p>}
      <p class="because">{why === null ? ' ' : withCode(why.because.join(' '))}</p>
      <dl>
        {factsOf(job, now).map(([label, text]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <LogView job={job.name} />
      <div class="below">
        <section aria-label="Details">
          <h3>Details</h3>
          <pre class="details">{(why?.details ?? '').split('\n').map(hung)}</pre>
        </section>
        <ChartView key={job.name} job={job.name} />
      </div>
    </article>
  );
}

/** A line of the details. If it is broken, its rest stands below its last column. */
const hung = (line: string, at: number) => (
  <span key={at} style={`--hang:${COLUMNS.exec(line)?.[0].length ?? 0}ch`}>
    {line === '' ? '\n' : line}
  </span>
);

/** The columns before the last one: a label, or a time and a state, or blanks. */
const COLUMNS = /^ {2}(?:[a-z][a-z ]{11}|\d.*? {2,}\S+ {2,})|^ */;

/** Text between backticks is a command to type. */
const withCode = (text: string) =>
  text.split('`').map((part, at) => (at % 2 === 0 ? part : <code key={at}>{part}</code>));

function factsOf(job: WebJob, now: number): readonly (readonly [label: string, text: string])[] {
  const { pid, startedAt, restarts, lastExit, nextStartAt, test, tags } = job;
  const ago = (at: string): string => `${duration(now - Date.parse(at))} ago`;
  const facts: readonly (readonly [string, string] | null)[] = [
    pid === null ? null : ['pid', String(pid)],
    pid === null || startedAt === null ? null : ['up', duration(now - Date.parse(startedAt))],
    job.cpuPercent === null ? null : ['CPU', `${job.cpuPercent.toFixed(1)} %`],
    job.memoryBytes === null ? null : ['memory', bytesText(job.memoryBytes)],
    ['restarts', String(restarts)],
    nextStartAt === null ? null : ['next start', `in ${duration(Date.parse(nextStartAt) - now)}`],
    lastExit === null ? null : ['last exit', `${exitWords(lastExit)}, ${ago(lastExit.at)}`],
    test === null ? null : ['test', `${test.verdict}, ${ago(test.at)}`],
    tags.length === 0 ? null : ['tags', tags.join(' ')],
  ];
  return facts.filter((fact) => fact !== null);
}
