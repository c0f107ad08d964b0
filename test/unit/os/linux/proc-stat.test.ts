import { parseProcStat, processOf, stateOfThreads } from '../../../../src/os/linux/proc-stat.ts';

describe('reading /proc/PID/stat', () => {
  const line = (name: string, state = 'S') =>
    `4529 (${name}) ${state} 4528 4527 1871 0 -1 4194304 2889 6546 16 4 4 2 4 1 20 0 2 0 146775 92663808 3442 0\n`;

  test('a process name may hold blanks, brackets and line ends', () => {
    const ids = { pid: 4529, ppid: 4528, pgid: 4527, sid: 1871 };
    const wanted = { ...ids, start: '146775', state: 'S', threads: 2, isThread: false };
    for (const name of ['sh', 'a) R 1 1 1', '(((', ')', 'x\ny', ''])
      expect(parseProcStat(line(name))).toEqual(wanted);
  });

  test('a text that is no line of /proc/PID/stat is refused', () => {
    const other = line('sh').replace('146775', '146775x');
    const headless = line('sh').replace('(sh)', 'sh)');
    for (const text of ['', '4529', '4529 (sh', 'x (sh) S 1', ')(', line('sh').slice(0, 60), other, headless])
      expect(parseProcStat(text)).toBeNull();
  });

  test('a process is stopped only when all its threads are, and a zombie only when none lives', () => {
    expect(stateOfThreads(['T', 'T'])).toBe('T');
    expect(stateOfThreads(['T', 'R', 'T'])).toBe('R');
    expect(stateOfThreads(['Z', 'S'])).toBe('S');
    expect(stateOfThreads(['Z', 'T'])).toBe('T');
    expect(stateOfThreads(['Z'])).toBe('Z');
    expect(stateOfThreads([])).toBe('Z');
  });

  test.each([
    ['T', 2, ['T', 'D'], 'D'],
    ['T', 2, ['T', 'T'], 'T'],
    ['Z', 2, ['Z', 'S'], 'S'],
    ['T', 1, null, 'T'],
    ['Z', 1, null, 'Z'],
    ['S', 2, null, 'S'],
  ])('a process whose first of its threads is %s, with %i of them: %j', (first, threads, others, wanted) => {
    const info = { pid: 4529, start: '7', ppid: 1, pgid: 4529, sid: 1 };
    let isAsked = false;
    const asked = (pid: number): readonly string[] => {
      isAsked = pid === 4529;
      return others ?? [];
    };
    expect(processOf({ ...info, state: first, threads }, asked)).toEqual({ ...info, state: wanted });
    expect(isAsked).toBe(others !== null);
  });
});
