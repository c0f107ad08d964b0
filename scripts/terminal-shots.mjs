// Pictures of `overseer top`: what it draws in a real terminal (tmux), as a page of which Chromium takes a
// picture, in light and dark.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { overseer } from './home.mjs';

const COLUMNS = 110;
const ROWS = 30;
/** Of the monospaced letters below, in pixels. */
const LETTER = [7.83, 17];
const EDGE = 14;

/** Each picture, and the keys that lead to it from the one before. */
const SHOTS = [
  { name: 'top', keys: [], until: /importer[^]*failed[^]*api ×3/ },
  { name: 'top-why', keys: ['Enter'], until: /── why importer/ },
  { name: 'top-plan', keys: ['q', 'p'], until: /Do this\?/ },
];

/** Foregrounds by SGR code, on white and on black; both have the contrast that WCAG asks for. */
const COLORS = {
  light: {
    31: '#b42318',
    32: '#15703b',
    33: '#855b00',
    34: '#1d4ed8',
    35: '#8b2fa8',
    36: '#0b6b79',
    fg: '#1b2430',
    bg: '#ffffff',
    dim: '#5b6675',
  },
  dark: {
    31: '#ff7b72',
    32: '#56d364',
    33: '#e3b341',
    34: '#79b8ff',
    35: '#d2a8ff',
    36: '#56d4dd',
    fg: '#e6edf3',
    bg: '#0d1117',
    dim: '#8b96a5',
  },
};

/** Takes them, and gives each to `keep` with its name. */
export async function takeTerminalShots({ home, page, keep }) {
  const tmux = (...words) => {
    const { status, stdout, stderr } = spawnSync('tmux', ['-S', join(home.dir, 'tmux'), ...words], {
      env: { ...home.env, SHELL: '/bin/sh', LANG: 'C.UTF-8' },
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`tmux ${words[0]}: ${stderr}`);
    return stdout;
  };
  const size = ['-x', String(COLUMNS), '-y', String(ROWS)];
  tmux('-u', '-f', '/dev/null', 'new-session', '-d', ...size, `${process.execPath} ${overseer} top`);
  try {
    for (const { name, keys, until } of SHOTS) {
      for (const key of keys) {
        tmux('send-keys', key);
        await pause(300);
      }
      for (let tries = 0; !until.test(tmux('capture-pane', '-p')); tries += 1) {
        if (tries === 200) throw new Error(`${name}: waited in vain for ${until}`);
        await pause(50);
      }
      // The usage is measured, and the reason of each job asked for.
      await pause(2_500);
      const drawn = tmux('capture-pane', '-e', '-N', '-p');
      for (const scheme of ['light', 'dark']) {
        await page.resize(Math.ceil(COLUMNS * LETTER[0]) + 2 * EDGE, ROWS * LETTER[1] + 2 * EDGE);
        await page.goto(`data:text/html;charset=utf-8,${encodeURIComponent(htmlOf(drawn, COLORS[scheme]))}`);
        await pause(300);
        keep(`${name}-${scheme}`, await page.screenshot());
      }
    }
  } finally {
    tmux('kill-server');
  }
}

function htmlOf(drawn, colors) {
  const style =
    `margin:0;padding:${EDGE}px;background:${colors.bg};color:${colors.fg};` +
    `font:13px/${LETTER[1]}px "DejaVu Sans Mono",monospace;white-space:pre`;
  const rows = drawn.replace(/\n$/, '').split('\n');
  return `<body style='${style}'>${rows.map((row) => rowOf(row, colors)).join('\n')}</body>`;
}

/** A row as spans of one look each. */
function rowOf(row, colors) {
  const look = { color: null, isBold: false, isDim: false, isInverse: false };
  return (
    row
      // oxlint-disable-next-line no-control-regex -- finding them is the point
      .split(/\u001b\[([0-9;]*)m/)
      .map((piece, at) => {
        if (at % 2 === 1) {
          for (const code of (piece || '0').split(';').map(Number)) learn(look, code);
          return '';
        }
        return piece === '' ? '' : `<span style="${cssOf(look, colors)}">${escaped(piece)}</span>`;
      })
      .join('')
  );
}

function learn(look, code) {
  if (code === 0) Object.assign(look, { color: null, isBold: false, isDim: false, isInverse: false });
  else if (code === 1) look.isBold = true;
  else if (code === 2) look.isDim = true;
  else if (code === 7) look.isInverse = true;
  else if (code === 27) look.isInverse = false;
  else if (code === 22) Object.assign(look, { isBold: false, isDim: false });
  else if (code === 39) look.color = null;
  else if (code >= 30 && code <= 37) look.color = code;
}

function cssOf({ color, isBold, isDim, isInverse }, colors) {
  const ink = isDim ? colors.dim : (colors[color] ?? colors.fg);
  const [front, back] = isInverse ? [colors.bg, ink] : [ink, 'transparent'];
  return `color:${front};background:${back};${isBold ? 'font-weight:bold' : ''}`;
}

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
