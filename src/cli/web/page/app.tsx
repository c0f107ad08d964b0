import { useEffect, useMemo, useReducer, useRef, useState } from 'preact/hooks';
import { countsOf } from '../../../plan/state-order.ts';
import { STATE_TONE } from '../../../plan/state-tone.ts';
import type { JobsMessage, WebAction } from '../messages.ts';
import { JobList } from './job-list.tsx';
import { JobView } from './job-view.tsx';
import { PlanDialog } from './plan-dialog.tsx';
import { act, useNow, useStream } from './server.ts';
import { EVERYTHING, NOTHING_YET, after, type Filter } from '../jobs-now.ts';
import { rowsOf, titleOf } from './store.ts';

const SERVER_GONE = 'The command `overseer web` has ended. Run it again for a new address.';

/** The whole page. */
export function App({ readOnly }: { readonly readOnly: boolean }) {
  const [{ jobs, lost }, tell] = useReducer(after, NOTHING_YET);
  const [filter, setFilter] = useState<Filter>(EVERYTHING);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [chosen, setChosen] = useState<string | null>(null);
  const [isPlanning, setPlanning] = useState(false);
  const [said, setSaid] = useState<{ readonly ok: boolean; readonly lines: string } | null>(null);
  const search = useRef<HTMLInputElement>(null);
  const now = useNow();
  useStream<JobsMessage>('jobs', tell, () => tell({ kind: 'lost', why: SERVER_GONE }));
  const rows = useMemo(() => (jobs === null ? [] : rowsOf(jobs, filter, open)), [jobs, filter, open]);
  const isChosenShown = rows.some(({ key }) => key === chosen);
  const shownKey = isChosenShown ? chosen : (rows[0]?.key ?? null);
  const shown = rows.find(({ key }) => key === shownKey)?.jobs[0];
  useEffect(() => {
    document.title = titleOf(jobs, lost);
  }, [jobs, lost]);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      const isTyping = event.target instanceof HTMLInputElement;
      if (event.key === '/' && !isTyping) {
        search.current?.focus();
        event.preventDefault();
      } else if (event.key === 'Escape' && event.target === search.current) {
        setFilter(EVERYTHING);
        search.current?.blur();
      }
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
  const run = (action: WebAction): void => {
    setSaid({ ok: true, lines: action.action === 'apply' ? 'The trigger runs …' : `${action.action} …` });
    void act(action).then(setSaid);
  };
  const tags = useMemo(
    () => [...new Set([...(jobs?.values() ?? [])].flatMap((job) => job.tags))].toSorted(),
    [jobs],
  );
  return (
    <div class={lost === null ? 'page' : 'page is-lost'}>
      <nav aria-label="Jobs">
        <h1>overseer</h1>
        <p class="line" role="status">
          {lost === null
            ? jobs === null
              ? 'connecting …'
              : jobs.size === 1
                ? '1 job'
                : `${jobs.size} jobs`
            : `No daemon answers: ${lost}`}
        </p>
        <input
          ref={search}
          type="search"
          placeholder="search ( / )"
          aria-label="Search jobs"
          value={filter.text}
          onInput={({ currentTarget }) => setFilter({ ...filter, text: currentTarget.value })}
        />
        <div class="chips" role="group" aria-label="Only those in a state, or with a tag">
          {countsOf(jobs?.values() ?? []).map(({ state, count }) => (
            <button
              key={state}
              type="button"
              class={STATE_TONE[state]}
              aria-pressed={filter.state === state}
              onClick={() => setFilter({ ...filter, state: filter.state === state ? null : state })}
            >
              {count} {state}
            </button>
          ))}
          {tags.map((tag) => (
            <button
              key={`tag ${tag}`}
              type="button"
              aria-pressed={filter.tag === tag}
              onClick={() => setFilter({ ...filter, tag: filter.tag === tag ? null : tag })}
            >
              #{tag}
            </button>
          ))}
        </div>
        <JobList
          rows={rows}
          chosen={shownKey}
          now={now}
          open={open}
          onChoose={setChosen}
          onToggle={(job) => {
            const next = new Set(open);
            if (!next.delete(job)) next.add(job);
            setOpen(next);
          }}
        />
        {readOnly ? null : (
          <button type="button" class="primary" onClick={() => setPlanning(true)}>
            Plan and apply …
          </button>
        )}
      </nav>
      <main>
        {said === null ? null : (
          <div class={said.ok ? 'said' : 'said bad'} role="status">
            <pre>{said.lines}</pre>
            <button type="button" aria-label="Close the message" onClick={() => setSaid(null)}>
              ✕
            </button>
          </div>
        )}
        {shown === undefined ? (
          <p class="nothing">{jobs === null ? '' : emptyText(jobs.size, filter)}</p>
        ) : (
          <JobView key={shown.name} job={shown} now={now} readOnly={readOnly} onAct={run} />
        )}
      </main>
      {isPlanning ? (
        <PlanDialog onApply={(plan) => run({ action: 'apply', plan })} onClose={() => setPlanning(false)} />
      ) : null}
    </div>
  );
}

function emptyText(count: number, filter: Filter): string {
  if (count === 0) return 'There are no jobs. Describe one in the config, and run the trigger.';
  return filter === EVERYTHING ? '' : 'No job matches. Esc in the search shows all of them.';
}
