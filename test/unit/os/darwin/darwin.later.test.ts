import { symlinkSync, writeFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { darwinOs } from '../../../../src/os/darwin/darwin.ts';
import type { Carrier, Os, ProcessInfo } from '../../../../src/os/os.ts';
import type { ToolResult } from '../../../../src/os/run-tool.ts';
import { CannotAsk } from '../../../../src/os/system-error.ts';
import { newFolder } from '../../../support/new-folder.ts';

const COLUMNS = 'pid=,ppid=,pgid=,stat=,lstart=';
const FIRST = `/bin/ps -A -E -ww -o ${COLUMNS},command=`;
const line = (pid: number, stat = 'S', command = ''): string =>
  `${pid} 1 ${pid} ${stat} Mon Nov 23 10:15:30 2026${command === '' ? '' : ` ${command}`}`;

/** A Mac whose tools answer when they are let; its clock stands at what the test sets. */
function mac() {
  let now = 0;
  const asked: { readonly words: string; readonly done: (result: ToolResult) => void }[] = [];
  const ran: string[] = [];
  const printed = { text: '' };
  const system = darwinOs({
    now: () => now,
    run: (file, args) => {
      ran.push([file, ...args].join(' '));
      return { code: 0, stdout: printed.text, complaint: '', missing: false };
    },
    runLater: (file, args, done) => asked.push({ words: [file, ...args].join(' '), done }),
    groupIsKnown: () => true,
    pidIsKnown: (pid) => pid !== 9,
  });
  const answer = (stdout: string, seen: Partial<ToolResult> = {}): void =>
    asked.at(-1)?.done({ code: 0, stdout, complaint: '', missing: false, ...seen });
  return {
    system,
    asked,
    ran,
    answer,
    printed,
    at: (ms: number) => (now = ms),
    words: () => asked.map(({ words }) => words),
  };
}

const pids = (answer: unknown): unknown =>
  answer instanceof CannotAsk
    ? answer.message
    : (answer as readonly { readonly pid: number }[]).map(({ pid }) => pid);

/** The answers to each question. */
function hearing(system: Os) {
  const heard: unknown[] = [];
  return {
    heard,
    identify: (...asked: readonly number[]) =>
      system.later.identify(asked, (answer) => heard.push(pids(answer))),
    all: () =>
      system.later.listing(null, (answer) =>
        heard.push(pids(answer instanceof CannotAsk ? answer : answer.found)),
      ),
    group: (pgid: number) => system.later.group(pgid, (answer) => heard.push(pids(answer))),
    carriers: (name: string, among: readonly number[]) =>
      system.later.processesWithEnv(name, among, (answer) => heard.push(pids(answer))),
    writers: (...files: readonly string[]) =>
      system.later.writers(files, (answer) =>
        heard.push(answer instanceof CannotAsk ? answer.message : [...answer]),
      ),
  };
}

test('those that may live are asked for in one ps, and zombies and the missing are nobody', () => {
  const { system, words, answer } = mac();
  const { heard, identify } = hearing(system);
  identify(9, 0, 1.5, 100_000);
  expect([heard, words()]).toEqual([[[]], []]);
  identify(7, 9, 8, 99_999);
  expect(words()).toEqual([`/bin/ps -x -o ${COLUMNS} -p 7,8,99999`]);
  answer(`${line(7)}\n${line(8, 'Z')}\n`);
  expect(heard.at(-1)).toEqual([7]);
  identify(7);
  answer('', { code: 1 });
  expect(heard.at(-1)).toEqual([]);
  identify(7);
  answer('', { code: null, complaint: 'EAGAIN' });
  expect(heard.at(-1)).toBe('cannot ask the system: ps EAGAIN');
});

test('a listing serves callers that cannot wait for half a second', () => {
  const { system, answer, ran, at, printed } = mac();
  hearing(system).identify(7, 8);
  answer(line(7));
  at(500);
  expect([system.identify(7)?.pid, system.identify(8), ran]).toEqual([7, null, []]);
  at(501);
  printed.text = line(7);
  expect([system.identify(7)?.pid, ran]).toEqual([7, [`/bin/ps -x -o ${COLUMNS} -p 7`]]);
});

test('only the first listing asks for environments as well', () => {
  const { system, words, answer } = mac();
  const { heard, all } = hearing(system);
  all();
  answer(`${line(7)}\n${line(8, 'Z')}`);
  all();
  answer(line(8));
  all();
  answer('');
  expect(words()).toEqual([FIRST, `/bin/ps -A -o ${COLUMNS}`, `/bin/ps -A -o ${COLUMNS}`]);
  expect(heard).toEqual([[7, 8], [8], 'cannot ask the system: ps ended with code 0']);
});

test('the members of a group are those that ps lists, zombies among them, or none', () => {
  const { system, words, answer } = mac();
  const { heard, group } = hearing(system);
  group(7);
  answer(`${line(7)}\n${line(8, 'Z')}`);
  group(7);
  answer('', { code: 1 });
  group(7);
  answer('', { code: 1, complaint: 'ps: no memory' });
  expect([words()[0], heard]).toEqual([
    `/bin/ps -o ${COLUMNS} -g 7`,
    [[7, 8], [], 'cannot ask the system: ps ps: no memory'],
  ]);
});

test('the first listing answers who carries a variable, for a second and of those that it lists', () => {
  const { system, words, answer, at } = mac();
  const { heard, all, carriers } = hearing(system);
  all();
  answer(`${line(7, 'S', 'node A=1')}\n${line(8, 'S', 'node B=1')}`);
  carriers('A', [7, 8]);
  at(1_000);
  carriers('A', [8]);
  expect([heard.slice(1), words().length]).toEqual([[[7], []], 1]);
  carriers('A', [7, 9]);
  answer('7 node A=1');
  expect(words().at(-1)).toBe('/bin/ps -x -E -ww -o pid=,command= -p 7,9');
  at(1_001);
  carriers('A', [7]);
  answer('7 node B=1');
  at(0);
  // It does not come back.
  carriers('A', [7]);
  answer('', { code: null, complaint: 'EAGAIN' });
  expect([heard.slice(3), words().length]).toEqual([[[7], [], 'cannot ask the system: ps EAGAIN'], 4]);
});

test('very many processes are looked for among all', () => {
  const { system, words } = mac();
  const { carriers } = hearing(system);
  const many = Array.from({ length: 201 }, (_, at) => at + 1);
  carriers('A', many.slice(1));
  carriers('A', many);
  expect(words().map((each) => each.slice(0, 12))).toEqual(['/bin/ps -x -', '/bin/ps -A -']);
  expect(words().at(-1)).toBe('/bin/ps -A -E -ww -o pid=,command=');
});

test('a carrier is asked for its other variables, whole', () => {
  const { system, printed } = mac();
  printed.text = ' 7 node A=1 AB=2\n 8 node XA=1\n 9 A=3';
  const found: readonly Carrier[] = system.processesWithEnv('A');
  expect(found.map(({ pid, values }) => [pid, values])).toEqual([
    [7, ['1']],
    [9, ['3']],
  ]);
  const [first] = found;
  expect([
    first?.has('AB'),
    first?.has('B'),
    first?.has('AB', '2'),
    first?.has('AB', ''),
    first?.has('A', '1'),
  ]).toEqual([true, false, true, false, true]);
});

test('the writers of files are asked for by real paths, and told by those that were asked for', () => {
  const { system, words, answer } = mac();
  const { heard, writers } = hearing(system);
  const folder = newFolder();
  const [file, link] = [join(folder, 'file'), join(folder, 'link')];
  writeFileSync(file, '');
  symlinkSync(file, link);
  const real = realpathSync(file);
  writers(join(folder, 'none'));
  expect([heard, words()]).toEqual([[[]], []]);
  writers(link, join(folder, 'none'));
  expect(words()).toEqual([`/usr/sbin/lsof -w -n -P -F pfan -- ${real}`]);
  answer(`p7\nf1\naw\nn${real}\n`, { code: 1 });
  writers(file);
  answer('', { code: 1 });
  writers(file);
  answer('', { code: null, complaint: 'EAGAIN' });
  expect(heard.slice(1)).toEqual([[[link, [7]]], [[file, []]], 'cannot ask the system: lsof EAGAIN']);
});

test('a process group counts as alive while one of its members is no zombie', () => {
  const { system, printed } = mac();
  const lives = (...lines: readonly string[]): boolean => {
    printed.text = lines.join('\n');
    return system.groupAlive(7);
  };
  expect([lives(line(7, 'Z'), line(8)), lives(line(7, 'Z')), lives(line(7, 'T'))]).toEqual([
    true,
    false,
    true,
  ]);
  const infos: readonly ProcessInfo[] = system.group(7);
  expect([infos.length, system.startedAt('anything'), system.isQuick]).toEqual([1, null, false]);
});
