import { displayWidth } from '../../../../src/text/display-width.ts';
import { renderStatus } from '../../../../src/cli/render/status.ts';
import { plain, before, job, JOBS } from '../../../support/sample-replies.ts';

test('the table fits 80 columns by cutting the description, and wide characters count as two', () => {
  expect(renderStatus({ jobs: JOBS }, plain(80))).toBe(
    [
      'NAME    STATE             PID   UP      RESTARTS  TEST      DESCRIPTION',
      'api     running           4243  3m 12s  2         pass      店頭のウェブ 🛒 for…',
      'import  backoff (exit 3)  -     in 4s   -         -         -',
      'mail    held              -     -       -         fail (1)  -',
      'web     running           42    2d 4h   -         -         -',
      '',
    ].join('\n'),
  );
});

test('the table shows everything where there is room', () => {
  const [, line] = renderStatus({ jobs: JOBS }, plain(200)).split('\n');
  expect(line).toBe(
    'api     running           4243  3m 12s  2         pass      店頭のウェブ 🛒 for everybody, now and then',
  );
});

test('the table keeps both ends of long names, and is never wider than the page', () => {
  const long = 'a-name-as-long-as-a-name-may-be-which-is-sixty-four-letters-long';
  const jobs = [...JOBS, job({ name: `${long.slice(0, 62)}@1`, pid: 7, startedAt: before(5000) })];
  const line = renderStatus({ jobs }, plain(80))
    .split('\n')
    .find((each) => each.startsWith('a-name'));
  expect(line).toBe('a-name-as-long-as-…ters-lo@1  running           7     5s      -         -');
  for (const columns of [80, 72, 60, 50, 40, 36]) {
    const lines = renderStatus({ jobs }, plain(columns)).split('\n');
    expect(lines.filter((each) => displayWidth(each) > columns)).toEqual([]);
    expect(lines.find((each) => each.startsWith('import'))).toMatch(/^import +backoff \(exit 3\)/);
  }
});

test('the table leaves out columns in which nothing would stand', () => {
  expect(renderStatus({ jobs: [job({ state: 'stopped' })] }, plain(80))).toBe('NAME  STATE\nweb   stopped\n');
  expect(renderStatus({ jobs: [] }, plain(80))).toBe('no jobs\n');
});

test('the table paints the state and nothing that a job supplies', () => {
  const jobs = [job({ pid: 7, startedAt: before(5000), description: '\u001b[31mred\u001b[0m\u202egnorw' })];
  const lines = renderStatus({ jobs }, { ...plain(80), color: true }).split('\n');
  expect(lines[1]).toBe('web   \u001b[32mrunning\u001b[0m  7    5s  \\e[31mred\\e[0m\\u{202e}gnorw');
});
