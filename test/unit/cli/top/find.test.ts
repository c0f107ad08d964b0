import { atNextHit, highlighted, hitsIn, withText } from '../../../../src/cli/top/find.ts';
import { pressed } from '../../../../src/cli/top/pressed.ts';
import type { ScreenPage, TopState } from '../../../../src/cli/top/top-state.ts';
import { knowing, webJob } from './web-jobs.ts';

const ROOM = { columns: 80, height: 10 };
const RED = '\u001b[31m';
const RESET = '\u001b[0m';

/** A log of 100 rows; every tenth has an error. */
const rows = Array.from({ length: 100 }, (_, at) =>
  at % 10 === 0 ? `${RED}Error${RESET} ${at}` : `fine ${at}`,
);
const page: ScreenPage = {
  kind: 'logs',
  title: '',
  job: 'web',
  rows: () => rows,
  top: 0,
  isFollowing: true,
  find: '',
  hit: null,
};

test('a text is found whatever its case and colours', () => {
  expect(hitsIn(rows, 'error 3')).toEqual([30]);
  expect(hitsIn(rows, 'nowhere')).toEqual([]);
});

test('the newest row with the text comes first, then those above and below, round and round', () => {
  const newest = withText(page, 'error', ROOM);
  expect(newest).toMatchObject({ hit: 90, top: 85, isFollowing: false });
  const above = atNextHit(newest, 'above', ROOM);
  expect(above.hit).toBe(80);
  expect(atNextHit(above, 'below', ROOM).hit).toBe(90);
  expect(atNextHit(newest, 'below', ROOM).hit).toBe(0);
  const first = atNextHit(newest, 'below', ROOM);
  expect([atNextHit(first, 'above', ROOM).hit, atNextHit(first, 'below', ROOM).hit]).toEqual([90, 10]);
  expect(withText(page, 'nowhere', ROOM)).toMatchObject({ hit: null, isFollowing: true });
  // A text that is emptied again leaves the log where it is.
  expect(withText(page, '', ROOM)).toEqual(page);
  expect(withText({ ...page, top: 7, isFollowing: false, find: 'e', hit: 3 }, '', ROOM)).toMatchObject({
    find: '',
    hit: null,
    top: 7,
    isFollowing: false,
  });
});

test('a match is inverted and keeps its own colours', () => {
  expect(highlighted('an Error', 'err')).toBe('an \u001b[7mErr\u001b[27mor');
  expect(highlighted(`a${RED}b${RESET}c`, 'abc')).toBe(
    `\u001b[7ma${RED}\u001b[7mb${RESET}\u001b[7mc\u001b[27m`,
  );
  expect(highlighted('nothing', 'err')).toBe('nothing');
  expect(highlighted(`${RED}nothing`, '')).toBe(`${RED}nothing`);
  // A text is found again only after its end; two in a row are inverted as one.
  expect(highlighted('aaaaa', 'aa')).toBe('\u001b[7maaaa\u001b[27ma');
  expect(highlighted(`${RED}err${RESET} err`, 'err')).toBe(
    `${RED}\u001b[7merr\u001b[27m${RESET} \u001b[7merr\u001b[27m`,
  );
});

test('/ finds in a page, n and N lead on, Esc ends the search and then closes the page', () => {
  const keys = (...names: readonly string[]): TopState =>
    names.reduce<TopState>((state, key) => pressed(state, key, ROOM).state, {
      ...knowing(webJob('web')),
      page,
    });
  expect(keys('/', 'e', 'r', 'r')).toMatchObject({ isTyping: true, page: { find: 'err', hit: 90 } });
  // While a text is typed, q is a letter.
  expect(keys('/', 'q').page?.find).toBe('q');
  expect(keys('/', 'e', 'r', 'r', 'enter', 'n', 'n').page?.hit).toBe(70);
  expect(keys('/', 'e', 'r', 'r', 'enter', 'n', 'N').page?.hit).toBe(90);
  expect(keys('/', 'e', 'enter', 'escape').page?.find).toBe('');
  expect(keys('/', 'e', 'enter', 'escape', 'escape').page).toBeNull();
});
