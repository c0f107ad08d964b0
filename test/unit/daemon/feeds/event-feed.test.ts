import { EventFeed } from '../../../../src/daemon/feeds/event-feed.ts';
import type { Transition } from '../../../../src/wire/messages.ts';

type Noted = Transition & { readonly machine: 'job' | 'daemon' };

const noted = (id: string, machine: 'job' | 'daemon', isChange = false): Noted =>
  ({ id, machine, isChange, at: '', job: null, event: '', from: '', to: '', detail: '' }) as Noted;
const ids = (events: readonly Transition[]): readonly string[] => events.map(({ id }) => id);

test('transitions of every kind are remembered together, in their order', () => {
  const feed = new EventFeed();
  feed.note(noted('a', 'daemon'));
  feed.note(noted('b', 'job', true));
  feed.note(noted('c', 'job'));
  feed.note(noted('d', 'daemon'));
  feed.note(noted('e', 'job', true));
  expect(ids(feed.recent())).toEqual(['a', 'b', 'c', 'd', 'e']);
});

test.each([
  ['changes of jobs', 1_000, 'job', true],
  ['other steps of jobs', 500, 'job', false],
  ['steps of the daemon', 200, 'daemon', false],
] as const)(
  'of %s the last %i are remembered, and no other kind is crowded out',
  (_, most, machine, isChange) => {
    const feed = new EventFeed();
    const others = [noted('change', 'job', true), noted('step', 'job'), noted('daemon', 'daemon')].filter(
      (each) => each.machine !== machine || each.isChange !== isChange,
    );
    for (const each of others) feed.note(each);
    for (const extra of [0, 1, most, 1]) {
      for (let at = 0; at < (extra === 0 ? most : extra); at += 1) feed.note(noted('x', machine, isChange));
      expect(feed.recent().length).toBe(most + others.length);
    }
    expect(ids(feed.recent()).slice(0, others.length)).toEqual(ids(others));
    feed.note(noted('newest', machine, isChange));
    expect([feed.recent().length, feed.recent().at(-1)?.id]).toEqual([most + others.length, 'newest']);
  },
);

test('a follower gets each new transition until it leaves, and learns of the end', () => {
  const feed = new EventFeed();
  const heard: string[] = [];
  const follow = (name: string): (() => void) =>
    feed.follow({ event: ({ id }) => heard.push(`${name} ${id}`), end: () => heard.push(`${name} ends`) });
  feed.note(noted('before', 'job'));
  const leave = follow('one');
  follow('two');
  feed.note(noted('a', 'job'));
  leave();
  leave();
  feed.note(noted('b', 'daemon'));
  feed.end();
  feed.end();
  feed.note(noted('c', 'job'));
  expect(heard).toEqual(['one a', 'two a', 'two b', 'two ends']);
});
