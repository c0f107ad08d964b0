import { stateWithExit } from '../../words/state-words.ts';
import type { Row } from './store.ts';
import { Windowed } from './windowed.tsx';
import { whenText } from '../when-text.ts';

export interface JobListProps {
  readonly rows: readonly Row[];
  readonly chosen: string | null;
  readonly now: number;
  readonly open: ReadonlySet<string>;
  readonly onChoose: (name: string) => void;
  readonly onToggle: (job: string) => void;
}

const ROW_PX = 40;

/** The jobs, trouble first. The arrow keys move the choice, Enter opens copies. */
export function JobList({ rows, chosen, now, open, onChoose, onToggle }: JobListProps) {
  const index = rows.findIndex(({ key }) => key === chosen);
  const onKeyDown = (event: KeyboardEvent): void => {
    const last = rows.length - 1;
    const targets: Readonly<Record<string, number>> = {
      ArrowDown: Math.min(last, index + 1),
      ArrowUp: Math.max(0, index - 1),
      Home: 0,
      End: last,
      PageDown: Math.min(last, index + 10),
      PageUp: Math.max(0, index - 10),
    };
    const target = rows[targets[event.key] ?? -1];
    const present = rows[index];
    if (target !== undefined) onChoose(target.key);
    else if (present?.isGroup === true && ['Enter', 'ArrowRight', 'ArrowLeft'].includes(event.key))
      onToggle(present.title);
    else return;
    event.preventDefault();
  };
  return (
    <div class="list" onKeyDown={onKeyDown}>
      <Windowed
        class="rows"
        label="Jobs"
        count={rows.length}
        rowHeight={ROW_PX}
        shownRow={index}
        row={(at) => {
          const row = rows[at];
          return row === undefined ? null : (
            <RowButton
              key={row.key}
              row={row}
              now={now}
              isChosen={row.key === chosen}
              isOpen={open.has(row.title)}
              onClick={() => {
                if (row.isGroup) onToggle(row.title);
                onChoose(row.key);
              }}
            />
          );
        }}
      />
    </div>
  );
}

interface RowProps {
  readonly row: Row;
  readonly now: number;
  readonly isChosen: boolean;
  readonly isOpen: boolean;
  readonly onClick: () => void;
}

function RowButton({ row, now, isChosen, isOpen, onClick }: RowProps) {
  const [job] = row.jobs;
  if (job === undefined) return null;
  return (
    <button
      type="button"
      tabIndex={-1}
      class={`row ${row.tone} ${row.isInside ? 'inside' : ''}`}
      aria-current={isChosen ? 'true' : undefined}
      aria-expanded={row.isGroup ? isOpen : undefined}
      onClick={onClick}
    >
      <span class="dot" aria-hidden="true" />
      <span class="name" title={row.title}>
        {row.isGroup ? `${isOpen ? '▾' : '▸'} ${row.title} ×${row.jobs.length}` : row.title}
      </span>
      <span class="state">{row.isGroup ? groupText(row) : stateWithExit(job)}</span>
      <span class="when">{row.isGroup ? '' : whenText(job, now)}</span>
      <span class="restarts" title="restarts">
        {row.isGroup || job.restarts === 0 ? '' : `↻${job.restarts}`}
      </span>
    </button>
  );
}

const groupText = ({ jobs, state }: Row): string =>
  `${jobs.filter((job) => job.state === state).length} ${state}`;
