import type { JobInstance } from '../../../../src/fleet/job-instance.ts';
import { StopQueue, type StopReason } from '../../../../src/fleet/turns/stop-queue.ts';

/** What the queue sees of a job; a test changes it as the job would. */
type Seen = {
  -readonly [Key in 'isUp' | 'isUnwanted' | 'isStoppedByHand' | 'isEnding' | 'isTesting']: boolean;
};

const RUNNING: Seen = {
  isUp: true,
  isUnwanted: false,
  isStoppedByHand: false,
  isEnding: false,
  isTesting: false,
};

let jobs: Map<string, Seen>;
let begun: string[];
/** Who entered or left the queue since the queue was last advanced. */
let changed: Set<string>;
let queue: StopQueue;
/** `b` starts after `a`, so it stops first. */
beforeEach(() => {
  jobs = new Map(['a', 'b'].map((name) => [name, { ...RUNNING }]));
  begun = [];
  changed = new Set();
  const instance = (name: string): JobInstance | undefined => {
    const seen = jobs.get(name);
    return seen === undefined ? undefined : (Object.assign(seen, { name }) as unknown as JobInstance);
  };
  queue = new StopQueue({
    get: instance,
    dependents: ({ name }) => (name === 'a' ? [instance('b')!] : []),
    dependencies: (name) => (name === 'b' ? ['a'] : []),
    onChange: (name) => changed.add(name),
    standing: () => 'up',
    later: () => undefined,
  });
});

function add(name: string, why: StopReason): void {
  queue.add(name, why, () => begun.push(`${why} ${name}`));
}

/** The job is as a test says, and the queue learns of it. */
function now(name: string, seen: Partial<Seen>): void {
  Object.assign(jobs.get(name)!, seen);
  changed.add(name);
  while (changed.size > 0) {
    const moved = changed;
    changed = new Set();
    queue.advance(moved);
  }
}

const ENDING: Partial<Seen> = { isUnwanted: true, isEnding: true };
const DOWN: Partial<Seen> = { isUp: false, isUnwanted: true, isEnding: false };

test('a job is stopped once all that come after it are down', () => {
  for (const name of ['a', 'b']) add(name, 'Stop');
  queue.advance();
  expect(begun).toEqual(['Stop b']);
  now('b', ENDING);
  expect([begun, queue.waiting('a'), queue.waiting('b')]).toEqual([['Stop b'], 'Stop', null]);
  now('b', DOWN);
  expect([begun, queue.has('b')]).toEqual([['Stop b', 'Stop a'], false]);
});

test('a start does not cancel a restart that waits for its turn: it gives a new run', () => {
  for (const name of ['a', 'b']) add(name, 'Restart');
  queue.advance();
  now('b', ENDING);
  queue.started('a');
  expect(queue.waiting('a')).toBe('Restart');
  now('b', { isUp: false, isEnding: false });
  expect(begun).toEqual(['Restart b', 'Restart a']);
});

test.each<StopReason>(['Stop', 'Die'])('a start cancels a queued %s', (why) => {
  for (const name of ['a', 'b']) add(name, why);
  queue.advance();
  queue.started('a');
  now('b', DOWN);
  expect([begun, queue.has('a')]).toEqual([[`${why} b`], false]);
});

test('a stop that had begun begins again where the config names the job meanwhile', () => {
  // An earlier daemon had begun to remove it, so its chart ignores a stop until the config names it again.
  now('b', ENDING);
  add('b', 'Stop');
  queue.advance();
  queue.named('b');
  expect(queue.waiting('b')).toBe('Stop');
  now('b', { isUnwanted: false });
  expect(begun).toEqual(['Stop b', 'Stop b']);
});

describe('a job that is being removed', () => {
  beforeEach(() => {
    add('b', 'Remove');
    now('b', ENDING);
    expect([begun.splice(0), queue.isRemoving('b')]).toEqual([['Remove b'], true]);
  });

  test('a job that is being removed is removed whatever else is asked', () => {
    for (const why of ['Stop', 'Restart', 'Die', 'Apply'] as const) add('b', why);
    queue.started('b');
    queue.advance();
    expect([begun, queue.isRemoving('b')]).toEqual([[], true]);
  });

  test.each<[string, () => void, readonly string[]]>([
    ['stays stopped if it was stopped meanwhile', () => add('b', 'Stop'), ['Stop b']],
    [
      'is started if it was started after a stop',
      () => {
        add('b', 'Stop');
        queue.started('b');
      },
      [],
    ],
    [
      'is started if it was restarted after a stop',
      () => {
        add('b', 'Stop');
        add('b', 'Restart');
      },
      [],
    ],
    ['is started if nothing else was asked', () => undefined, []],
  ])('a job that is being removed and is then named again %s', (_, meanwhile, wanted) => {
    meanwhile();
    queue.named('b');
    now('b', { isUnwanted: false });
    expect([begun, queue.isRemoving('b')]).toEqual([wanted, false]);
  });
});

describe('the end of the daemon', () => {
  test('the end of the daemon keeps a queued stop by hand', () => {
    for (const name of ['a', 'b']) add(name, 'Stop');
    queue.advance();
    add('a', 'Die');
    now('b', DOWN);
    expect(begun).toEqual(['Stop b', 'Stop a']);
  });

  test('the end of the daemon begins a queued restart of a stopped job first', () => {
    for (const name of ['a', 'b']) add(name, 'Restart');
    jobs.get('a')!.isStoppedByHand = true;
    add('a', 'Die');
    expect([begun, queue.waiting('a')]).toEqual([['Restart a'], 'Die']);
  });

  test('the end of the daemon takes the place of a queued restart of a job that runs', () => {
    for (const name of ['a', 'b']) add(name, 'Restart');
    add('a', 'Die');
    expect([begun, queue.waiting('a')]).toEqual([[], 'Die']);
  });
});

describe('a new config that waits for its turn', () => {
  beforeEach(() => {
    for (const name of ['a', 'b']) add(name, 'Apply');
    now('b', ENDING);
    expect([begun.splice(0), queue.waiting('a')]).toEqual([['Apply b'], 'Apply']);
  });

  test.each<StopReason>(['Stop', 'Restart', 'Die', 'Remove'])(
    'a new config that waits for its turn begins before a %s',
    (why) => {
      add('a', why);
      expect([begun, queue.waiting('a')]).toEqual([['Apply a'], why]);
    },
  );

  test('a new config that waits for its turn begins before a start', () => {
    queue.started('a');
    expect([begun, queue.waiting('a')]).toEqual([['Apply a'], null]);
  });

  test('a new config that waits for its turn is cancelled by a config that is as before', () => {
    queue.named('a');
    now('b', { isUp: false, isEnding: false });
    expect([begun, queue.has('a')]).toEqual([[], false]);
  });

  test('a new config is in force when the child is gone and its test has a verdict', () => {
    now('b', { isEnding: false, isTesting: true });
    expect([begun, queue.has('b')]).toEqual([[], true]);
    now('b', { isUp: false, isTesting: false });
    expect([begun, queue.has('b')]).toEqual([['Apply a'], false]);
  });
});

test('a job that is down is taken down at once, but is restarted with its turn', () => {
  jobs.get('a')!.isUp = false;
  for (const name of ['a', 'b']) add(name, 'Stop');
  queue.advance();
  expect(begun.splice(0)).toEqual(['Stop a', 'Stop b']);
  queue.clear();
  for (const name of ['a', 'b']) add(name, 'Restart');
  queue.advance();
  expect(begun).toEqual(['Restart b']);
});

test.each<StopReason>(['Stop', 'Die', 'Remove'])(
  'a job that is on its way down already, for a restart, is told of a %s at once',
  (why) => {
    for (const name of ['a', 'b']) add(name, 'Restart');
    now('b', { isEnding: true });
    now('b', { isUp: false, isEnding: false });
    now('a', { isEnding: true });
    begun = [];
    Object.assign(jobs.get('b')!, RUNNING);
    for (const name of ['a', 'b']) add(name, why);
    queue.advance();
    expect(begun).toEqual([`${why} a`, `${why} b`]);
  },
);

test('a job that is gone is forgotten', () => {
  add('b', 'Remove');
  jobs.delete('b');
  queue.advance();
  expect([begun, queue.has('b')]).toEqual([[], false]);
});
