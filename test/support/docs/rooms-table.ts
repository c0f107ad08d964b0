import { ROOMS } from '../rooms.ts';

const BEGIN = '<!-- rooms: made by `npm run docs` from test/support/rooms.ts -->';
const END = '<!-- end of rooms -->';

/** A page with its table of rooms made anew. */
export function withRooms(page: string): string {
  const [before, rest = ''] = page.split(BEGIN);
  const after = rest.slice(rest.indexOf(END) + END.length);
  if (!rest.includes(END)) throw new Error(`the page has no place for the rooms: ${BEGIN} … ${END}`);
  return `${before}${BEGIN}\n\n${roomsTable()}\n\n${END}${after}`;
}

function roomsTable(): string {
  const rows = Object.entries(ROOMS).map(
    ([room, { about, mayImport }]) => `| \`${room}/\` | ${about} | ${imports(mayImport)} |`,
  );
  return ['| room | what it does | may import |', '| --- | --- | --- |', ...rows].join('\n');
}

/** The project's own rooms first, then packages, then modules of Node's. */
function imports(names: readonly string[]): string {
  const rank = (name: string): number =>
    name.startsWith('node:') ? 2 : /^(src|machines)(\/|$)/.test(name) ? 0 : 1;
  const sorted = names.toSorted((a, b) => rank(a) - rank(b));
  return sorted.length === 0 ? 'nothing' : sorted.map((name) => name.replace(/^src\//, '')).join(', ');
}
