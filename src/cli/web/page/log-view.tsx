import { useEffect, useMemo, useState } from 'preact/hooks';
import type { LogsMessage } from '../messages.ts';
import { piecesOf } from './ansi.ts';
import { useStream } from './server.ts';
import { Windowed } from './windowed.tsx';

const MOST_LINES = 10_000;
const LINE_PX = 18;

/** The log of one job as it grows: the last ten thousand lines, searched as one types. */
export function LogView({ job }: { readonly job: string }) {
  const [lines, setLines] = useState<readonly string[]>([]);
  const [search, setSearch] = useState('');
  useEffect(() => setLines([]), [job]);
  useStream<LogsMessage>(
    `logs/${encodeURIComponent(job)}`,
    (more) => setLines((before) => [...before, ...more].slice(-MOST_LINES)),
    // It begins anew with the last lines.
    () => setLines([]),
  );
  const found = useMemo(() => {
    const wanted = search.toLowerCase();
    return wanted === '' ? lines : lines.filter((line) => line.toLowerCase().includes(wanted));
  }, [lines, search]);
  return (
    <section class="log" aria-label="Log">
      <header>
        <h3>Log</h3>
        <input
          type="search"
          placeholder="search the log"
          aria-label="Search the log"
          value={search}
          onInput={({ currentTarget }) => setSearch(currentTarget.value)}
        />
        <span class="soft">
          {search === '' ? `${lines.length} lines` : `${found.length} of ${lines.length} lines`}
        </span>
      </header>
      <Windowed
        class="lines"
        role="log"
        label={`Log of ${job}`}
        followsEnd
        count={found.length}
        rowHeight={LINE_PX}
        row={(at) => <LogLine key={at} line={found[at] ?? ''} />}
      />
    </section>
  );
}

function LogLine({ line }: { readonly line: string }) {
  return (
    <div class="line">
      {piecesOf(line).map(({ text, style }, at) => (
        <span key={at} class={style}>
          {text}
        </span>
      ))}
    </div>
  );
}
