import { asciiOutput, isAsciiLocale } from '../../../../src/cli/terminal/ascii-output.ts';
import { answering, KeptOutput, run } from '../../../support/fake-cli.ts';
import { answer, change } from '../../../support/sample-replies.ts';

const changes = [change({ job: 'web', action: 'restart', reason: 'by-hand', pid: 7 })];
const restarted = answering(answer({ ok: true, changes, problems: [] }));

test.each([
  [{ LANG: 'C' }, true],
  [{ LANG: 'POSIX' }, true],
  [{ LANG: 'de_DE.UTF-8', LC_ALL: 'C' }, true],
  [{ LANG: 'C', LC_CTYPE: 'en_US.utf8' }, false],
  [{ LC_ALL: 'C', LC_CTYPE: 'en_US.utf8' }, true],
  [{ LC_ALL: 'C.UTF-8', LC_CTYPE: 'C' }, false],
  [{ LC_ALL: '', LC_CTYPE: '', LANG: 'C' }, true],
  [{ LANG: 'C.UTF-8' }, false],
  [{ LANG: 'de_DE.UTF-8@euro' }, false],
  [{ LANG: 'de_DE.ISO-8859-15@euro' }, true],
  [{ LANG: 'en_US' }, false],
  [{ LANG: '', LC_ALL: '' }, false],
  [{}, false],
])('the locale %j decides whether overseer keeps to ASCII: %s', (env, isAscii) => {
  expect(isAsciiLocale(env)).toBe(isAscii);
});

test('overseer prints only ASCII of its own in a C locale, and JSON as ever', async () => {
  const env = { LC_ALL: 'C' };
  expect((await run('restart web', restarted)).out).toBe('↻ web  restarted  by hand  pid 7\n\n1 restarted\n');
  expect((await run('restart web', restarted, { env })).out).toBe(
    '* web  restarted  by hand  pid 7\n\n1 restarted\n',
  );
  expect((await run('restart a…b --json', restarted, { env })).out).toBe(
    (await run('restart a…b --json', restarted)).out,
  );
  expect((await run('nope…', restarted, { env })).err).toContain('unknown command nope~\n');
});

test('each glyph of overseer has a likeness in ASCII, and bytes stay as they are', async () => {
  const out = new KeptOutput();
  const ascii = asciiOutput(out);
  await ascii.write('a → b × 2 · ↻ …\n├─ com.exam…\n│  └─ é\n');
  await ascii.write(Buffer.from('→\n'));
  expect(out.text).toBe('a -> b x 2 . * ...\n|- com.exam~\n|  `- é\n→\n');
});
