import { Box, Text } from 'ink';
import { toneOf, TONE_SIGN } from '../../plan/state-tone.ts';
import { bytesText } from '../../text/bytes-text.ts';
import { displayWidth, fit, fitInside, pad } from '../../text/display-width.ts';
import { printable } from '../../text/printable.ts';
import { countsOf } from '../../plan/state-order.ts';
import { paintOf, paintOfJob } from '../render/state-paint.ts';
import { inverted, styled } from '../terminal/render-context.ts';
import { wrapped } from '../terminal/wrapped.ts';
import type { WebJob } from '../web/messages.ts';
import { headingLine, layoutOf, rowLine, SIGN_COLUMNS } from './columns.ts';
import { highlighted, hitsIn } from './find.ts';
import { keysFor } from './keys.ts';
import { rowsOfLine } from './log-rows.ts';
import type { JobReason } from './reasons.ts';
import { instancesIn, leadOf, type TopRow } from './rows.ts';
import { chosenRow, pageTop, type ScreenPage, type TopState } from './top-state.ts';

/** The terminal that the screen is drawn for. */
export interface Look {
  readonly columns: number;
  readonly rows: number;
  readonly color: boolean;
  readonly now: number;
  readonly reasonOf: (name: string) => JobReason | null;
  /** The last lines that the chosen job printed, where there is room for them. */
  readonly printed: readonly string[];
}

interface Props {
  readonly state: TopState;
  readonly look: Look;
}

/** Rows below the table that explain the chosen job. */
const DETAIL_ROWS = { few: 2, many: 8, manyFrom: 40, printed: 5 } as const;
const LEAST_TABLE = 3;

const detailRows = ({ rows }: Pick<Look, 'rows'>): number =>
  rows >= DETAIL_ROWS.manyFrom ? DETAIL_ROWS.many : rows < 12 ? 0 : DETAIL_ROWS.few;

/** How many rows the table has on a screen of this height. */
export function tableRows(state: TopState, look: Pick<Look, 'rows'>): number {
  const detail = detailRows(look);
  const around = 2 + noticesOf(state).length + (detail === 0 ? 0 : detail + 1) + 1;
  return Math.max(LEAST_TABLE, look.rows - around);
}

/** How many rows a page has: all but its title and the keys. */
export const pageRows = ({ rows }: Pick<Look, 'rows'>): number => Math.max(1, rows - 2);

/** The whole screen. */
export function Top({ state, look }: Props) {
  return (
    <Box flexDirection="column" width={look.columns} height={look.rows} overflow="hidden">
      {state.page === null ? (
        <Table state={state} look={look} />
      ) : (
        <PageView {...{ state, look }} page={state.page} />
      )}
      <Footer state={state} look={look} />
    </Box>
  );
}

/** A row of the screen, whose text fits it. */
const Line = ({ text }: { readonly text: string }) => <Text wrap="truncate">{text === '' ? ' ' : text}</Text>;

function Table({ state, look }: Props) {
  const height = tableRows(state, look);
  const layout = layoutOf(state.rows, look.columns);
  const shown = state.rows.slice(state.top, state.top + height);
  return (
    <>
      <Line text={titleLine(state, look)} />
      {noticesOf(state).map(({ text, isBad }) => (
        <Line key={text} text={styled(fit(` ${text}`, look.columns), isBad ? 'red' : 'cyan', look)} />
      ))}
      <Line text={styled(headingLine(layout, state), 'bold', look)} />
      <Box flexDirection="column" height={height} flexShrink={0}>
        {shown.map((job) => (
          <Line
            key={job.name}
            text={jobLine(job, state, look, (color) =>
              rowLine(layout, { job, reason: clauseOf(job, look), now: look.now }, { color }),
            )}
          />
        ))}
        {shown.length === 0 && <Line text={styled(emptyText(state), 'dim', look)} />}
      </Box>
      <Detail state={state} look={look} />
    </>
  );
}

function emptyText({ known, filter }: TopState): string {
  if (known.jobs === null) return '   asking the daemon …';
  if (known.jobs.size === 0) return '   no jobs';
  const isFiltered = filter.text !== '' || filter.state !== null || filter.tag !== null;
  return isFiltered ? '   no job matches; Esc shows all of them' : '   no jobs';
}

/** Of a job that runs, its description stands in the place of a reason. */
function clauseOf(row: TopRow, { reasonOf }: Look): string {
  if (row.state === 'running') return row.description ?? '';
  const lead = leadOf(row);
  const clause = reasonOf(lead.name)?.clause ?? lead.reason ?? '';
  return row.copies === null || clause === '' ? clause : `${lead.name}: ${clause}`;
}

/** A row of the table: the chosen one is inverted, and has a mark where there are no colours. */
function jobLine(
  row: TopRow,
  { chosen, marked, known }: TopState,
  { columns, color }: Look,
  cells: (color: boolean) => string,
): string {
  const isChosen = row.name === chosen;
  const mark = marked.has(row.name) ? '*' : isChosen ? '›' : ' ';
  const sign = TONE_SIGN[toneOf(row)];
  const isPainted = color && known.lost === null;
  const begin = styled(mark, 'bold', { color }) + styled(sign, isPainted ? paintOfJob(row) : null, { color });
  const text = cells(isPainted && !isChosen);
  const line = ` ${text}`;
  if (isChosen) return begin + inverted(pad(line, columns - displayWidth(mark + sign)), { color });
  return known.lost === null ? begin + line : styled(mark + sign + line, 'dim', { color });
}

/** The name of the program, how many jobs are in which state, and what they use together. */
function titleLine({ known, rows, isReadOnly }: TopState, look: Look): string {
  const all = [...(known.jobs?.values() ?? [])];
  const total = (of: (job: WebJob) => number | null): number =>
    all.reduce((sum, job) => sum + (of(job) ?? 0), 0);
  const isMeasured = all.some(({ cpuPercent }) => cpuPercent !== null);
  const used = isMeasured
    ? `cpu ${total((job) => job.cpuPercent).toFixed(1)}%  mem ${bytesText(total((job) => job.memoryBytes))} `
    : '';
  const shown = instancesIn(rows);
  const of = all.length === shown ? '' : `${shown} of `;
  const count = `${of}${all.length} ${all.length === 1 ? 'job' : 'jobs'}`;
  const name = isReadOnly ? ' overseer, read-only' : ' overseer';
  const begin = `${name}  ${count}`;
  let line = `${styled(name, 'bold', look)}  ${count}`;
  let width = displayWidth(begin);
  for (const { state, count: found } of countsOf(all)) {
    const text = `${found} ${state}`;
    if (width + 2 + displayWidth(text) > look.columns) break;
    line += `  ${styled(text, paintOf(state), look)}`;
    width += 2 + displayWidth(text);
  }
  const room = look.columns - width - displayWidth(used);
  return room < 2 ? line : `${line}${' '.repeat(room)}${styled(used, 'dim', look)}`;
}

interface Notice {
  readonly text: string;
  readonly isBad: boolean;
}

/** The lines between title and table: no daemon, the filter, the marks. */
function noticesOf({ known, filter, marked, isTyping }: TopState): readonly Notice[] {
  const parts = [
    filter.state === null ? '' : `state ${filter.state}`,
    filter.tag === null ? '' : `tag ${filter.tag}`,
    filter.text === '' || isTyping ? '' : `with "${printable(filter.text)}"`,
  ].filter((part) => part !== '');
  const only = parts.length === 0 ? '' : `only ${parts.join(', ')}`;
  const marks = marked.size === 0 ? '' : `${marked.size} marked`;
  const both = [only, marks].filter((part) => part !== '').join('; ');
  return [
    ...(known.lost === null
      ? []
      : [{ text: `No daemon: ${known.lost}. Looking for the next one …`, isBad: true }]),
    ...(both === '' ? [] : [{ text: `${both} (Esc: all)`, isBad: false }]),
  ];
}

/** Why the chosen job is in its state. */
function Detail({ state, look }: Props) {
  const height = detailRows(look);
  const row = chosenRow(state);
  if (height === 0) return null;
  const sentences = row === null ? '' : (look.reasonOf(leadOf(row).name)?.sentences ?? '');
  const lines = wrapped(printable(sentences), look.columns - 2);
  const shown = [
    ...(lines.length > DETAIL_ROWS.few
      ? [...lines.slice(0, DETAIL_ROWS.few - 1), fit(`${lines[DETAIL_ROWS.few - 1]} …`, look.columns - 2)]
      : lines),
    ...printedLines(look),
  ];
  return (
    <Box flexDirection="column" height={height + 1} flexShrink={0}>
      <Line text={jobRule(row, look)} />
      {shown.map((line, at) => (
        // oxlint-disable-next-line no-array-index-key -- a row is its place
        <Line key={at} text={` ${line}`} />
      ))}
    </Box>
  );
}

const printedLines = (look: Look): readonly string[] =>
  look.printed.map((line) => styled(rowsOfLine(line, look.columns - 4, false)[0] ?? '', 'dim', look));

/** How many log lines of the chosen job fit. */
export const printedRows = (look: Pick<Look, 'rows'>): number =>
  detailRows(look) > DETAIL_ROWS.few ? DETAIL_ROWS.printed : 0;

/** `── web · serves the shop · eu prod ─────`. */
function jobRule(job: WebJob | null, look: Look): string {
  if (job === null) return ruleLine('', '', look);
  const parts = [job.name, job.description ?? '', job.tags.join(' ')].filter((part) => part !== '');
  return ruleLine(printable(parts.join(' · ')), '', look);
}

/** `── title ───────── end ──`. */
function ruleLine(title: string, end: string, look: Look): string {
  const last = end === '' ? '' : ` ${end} ──`;
  const shown = fitInside(title, Math.max(8, look.columns - 6 - displayWidth(last)));
  const begin = shown === '' ? '' : ` ${shown} `;
  const rest = '─'.repeat(Math.max(0, look.columns - 2 - displayWidth(begin + last)));
  return `${styled('──', 'dim', look)}${styled(begin, 'bold', look)}${styled(rest + last, 'dim', look)}`;
}

function PageView({ state, look, page }: Props & { readonly page: ScreenPage }) {
  const height = pageRows(look);
  const rows = page.rows(look.columns);
  const top = pageTop(page, rows.length, height);
  const shown = rows.slice(top, top + height);
  const last = Math.min(rows.length, top + height);
  const place = page.isFollowing
    ? 'following'
    : rows.length > height
      ? `${top + 1}–${last} of ${rows.length}`
      : '';
  const lost = state.known.lost === null ? '' : ' · no daemon';
  return (
    <>
      <Line
        text={ruleLine(
          `${printable(page.title)}${lost}`,
          [foundText(page, rows), place].filter((part) => part !== '').join(' · '),
          look,
        )}
      />
      <Box flexDirection="column" height={height} flexShrink={0}>
        {shown.map((row, at) => (
          // oxlint-disable-next-line no-array-index-key -- a row is its place
          <Line key={at} text={look.color ? highlighted(row, page.find) : row} />
        ))}
        {rows.length === 0 && (
          <Line text={styled(page.kind === 'logs' ? ' nothing printed yet' : '', 'dim', look)} />
        )}
      </Box>
    </>
  );
}

/** `"error" 3 of 12`. */
function foundText({ find, hit }: ScreenPage, rows: readonly string[]): string {
  if (find === '') return '';
  const hits = hitsIn(rows, find);
  const shown = `"${printable(find)}"`;
  return hits.length === 0 ? `no ${shown}` : `${shown} ${hits.indexOf(hit ?? -1) + 1} of ${hits.length}`;
}

/** The question, what is typed, what was done, or the keys. */
function Footer({ state, look }: Props) {
  const { ask, isTyping, filter, message, page } = state;
  const text = (words: string): string => fit(` ${printable(words)}`, look.columns);
  if (ask !== null) return <Line text={`${styled(text(`${ask.question}  y / n`), 'bold', look)}`} />;
  const typed = page === null ? filter.text : page.find;
  if (isTyping) return <Line text={`${styled(text(`find: ${typed}▏`), 'bold', look)}`} />;
  if (message !== null)
    return <Line text={styled(text(message.text), message.isBad ? 'red' : 'green', look)} />;
  return <Line text={keysLine(page === null ? tableKeys(state) : pageKeys(page), look)} />;
}

type KeyWords = readonly (readonly [label: string, short: string])[];

const tableKeys = ({ isReadOnly }: TopState): KeyWords =>
  keysFor(isReadOnly).flatMap(({ label, short }) => (short === null ? [] : [[label, short] as const]));

function pageKeys({ job, kind, find }: ScreenPage): KeyWords {
  const others: KeyWords =
    job === null ? [] : kind === 'why' ? [['l', 'logs']] : kind === 'logs' ? [['w', 'why']] : [];
  const end: KeyWords = kind === 'logs' ? [['End', 'follow']] : [];
  const finding: KeyWords = [find === '' ? ['/', 'find'] : ['n N', 'next']];
  return [['↑ ↓', 'scroll'], ...finding, ...end, ...others, ['q', 'back']];
}

/** As many keys as fit, always with the last one. */
function keysLine(keys: KeyWords, look: Look): string {
  const widthOf = ([label, short]: KeyWords[number]): number => displayWidth(`${label} ${short}  `);
  const last = keys.slice(-2);
  let room = look.columns - SIGN_COLUMNS + 2 - last.reduce((sum, key) => sum + widthOf(key), 0);
  const first = keys.slice(0, -2).filter((key) => (room -= widthOf(key)) >= 0);
  const words = [...first, ...last].map(
    ([label, short]) => `${styled(label, 'bold', look)} ${styled(short, 'dim', look)}`,
  );
  return ` ${words.join('  ')}`;
}
