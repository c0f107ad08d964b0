'use strict';
// What the tools of macOS print, of processes that are given: after adv_cmds' ps, Libc's strvis, lsof, sysctl
// and scutil.

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const PID_MAX = 99_999;

const padded = (number, width = 2, fill = '0') => String(number).padStart(width, fill);

/** `strftime("%c")` in the C locale, by UTC. */
function lstart(ms) {
  const date = new Date(ms);
  const time = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map((each) => padded(each));
  return `${DAYS[date.getUTCDay()]} ${MONTHS[date.getUTCMonth()]} ${padded(date.getUTCDate(), 2, ' ')} ${time.join(':')} ${date.getUTCFullYear()}`;
}

/** strvis(3) with VIS_TAB, VIS_NL and VIS_NOSLASH in the C locale, byte by byte. */
function vis(bytes) {
  return [...bytes].map(visByte).join('');
}

function visByte(byte) {
  const low = byte & 0x7f;
  if (byte >= 0x20 && byte < 0x7f) return String.fromCharCode(byte);
  if (low === 0x20 || byte === 0x09 || byte === 0x0a) return `\\${byte.toString(8).padStart(3, '0')}`;
  const meta = byte === low ? '' : 'M';
  if (low === 0x7f) return `${meta}^?`;
  return low < 0x20 ? `${meta}^${String.fromCharCode(low + 64)}` : `${meta}-${String.fromCharCode(low)}`;
}

/** Minutes and seconds with hundredths. */
function cpuTime(ms) {
  const minutes = Math.floor(ms / 60_000);
  return `${minutes}:${((ms - minutes * 60_000) / 1_000).toFixed(2).padStart(5, '0')}`;
}

/** One column as ps prints it: numbers to the right, words to the left, the command without padding. */
const COLUMNS = {
  pid: ({ pid }) => padded(pid, 5, ' '),
  ppid: ({ ppid }) => padded(ppid, 5, ' '),
  pgid: ({ pgid }) => padded(pgid, 5, ' '),
  stat: ({ state, sid, pid }) => `${state}${sid === pid ? 's' : ''}`.padEnd(4),
  lstart: ({ startMs }) => lstart(startMs).padEnd(28),
  rss: ({ residentKib = 0 }) => padded(residentKib, 6, ' '),
  time: ({ cpuMs = 0 }) => cpuTime(cpuMs).padStart(9),
  command: (each, hasEnvironment) => commandOf(each, hasEnvironment),
};

function commandOf({ state, args, environment }, hasEnvironment) {
  if (state === 'Z') return '<defunct>';
  const words = hasEnvironment ? Buffer.concat([args, environment]) : args;
  // Words end with a NUL; ps prints blanks.
  return vis(words.subarray(0, -1).map((byte) => (byte === 0 ? 0x20 : byte)));
}

/** Which processes are asked for. */
function choice(options) {
  const numbers = (name) => options.get(name).split(',').map(Number);
  if (options.has('-p')) {
    const wanted = numbers('-p');
    if (wanted.some((pid) => pid > PID_MAX)) return null;
    return ({ pid }) => wanted.includes(pid);
  }
  if (options.has('-g')) {
    const wanted = numbers('-g');
    return ({ pgid }) => wanted.includes(pgid);
  }
  return () => true;
}

/** `ps` as `{ code, stdout, complaint }`; `processes` is called once. */
function ps(words, processes) {
  const options = new Map();
  for (let at = 0; at < words.length; at += 1)
    options.set(words[at], ['-o', '-p', '-g', '-U'].includes(words[at]) ? words[(at += 1)] : '');
  const isWanted = choice(options);
  if (isWanted === null) return { code: 1, stdout: '', complaint: 'ps: process id too large' };
  // Each `=` ends an empty heading, so that no line of headings is printed.
  const columns = options
    .get('-o')
    .split(',')
    .map((column) => COLUMNS[column.replace('=', '')]);
  const lines = processes()
    .filter(isWanted)
    .map((each) => `${columns.map((column) => column(each, options.has('-E'))).join(' ')}\n`);
  return { code: lines.length > 0 ? 0 : 1, stdout: lines.join(''), complaint: '' };
}

/** Which of the tools, and which kind of question, is asked. */
function kindOf(file, words) {
  const tool = file.split('/').at(-1);
  if (tool !== 'ps') return tool;
  if (words.includes('-g')) return 'group';
  if (words.includes('-p')) return 'one';
  return words.includes('-E') ? 'environments' : 'all';
}

/**
 * `lsof -F pfa -- FILE…`: of each process its descriptors on these files, and whether they are for reading or
 * writing.
 */
function lsof(words, holders) {
  const files = words.slice(words.indexOf('--') + 1);
  const stdout = holders(files)
    .map(({ pid, descriptors }) =>
      [
        `p${pid}`,
        ...descriptors.flatMap(({ fd, access, name }) => [`f${fd}`, `a${access}`, `n${name}`]),
      ].join('\n'),
    )
    .join('\n');
  return { code: stdout === '' ? 1 : 0, stdout: stdout === '' ? '' : `${stdout}\n`, complaint: '' };
}

const scutil = (hasNetwork) => ({
  code: 0,
  stdout: hasNetwork
    ? 'DNS configuration\n\nresolver #1\n  nameserver[0] : 192.0.2.1\n'
    : 'No DNS configuration available\n',
  complaint: '',
});

const sysctl = (boot) => ({ code: 0, stdout: `${boot}\n`, complaint: '' });

module.exports = { kindOf, lsof, lstart, ps, scutil, sysctl, vis };
