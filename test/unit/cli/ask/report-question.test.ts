import { answering, run, type Outcome } from '../../../support/fake-cli.ts';
import { fakePorts } from '../../../support/fake-client.ts';
import { answer, BAD, change, REPORT } from '../../../support/sample-replies.ts';
import type { Report } from '../../../../src/wire/messages.ts';

const told = (words: string, report: Partial<Report>, hasConfig = true): Promise<Outcome> => {
  const world = answering(answer({ ...REPORT, ...report }));
  world.hasConfig = hasConfig;
  return run(words, world, { ports: fakePorts(world) });
};

test('the notes of a report go to stderr, one a line and safe to print', async () => {
  const notes = ['the config came from elsewhere', 'odd \u001b[2J'];
  expect((await told('apply', { notes })).err).toBe(
    'overseer: the config came from elsewhere\noverseer: odd \\e[2J\n',
  );
  expect((await told('apply', { ...BAD, notes: notes.slice(0, 1) })).err).toMatch(
    /^overseer: the config came from elsewhere\n\/c\/a\.toml:3:1: [^]*nothing was changed\n$/,
  );
});

test('a trigger without any job says the first step where there is no config', async () => {
  expect((await told('apply', { changes: [] }, false)).err).toMatch(/`overseer init` writes a first one/);
  expect((await told('plan', { changes: [] }, false)).err).toMatch(/`overseer init` writes a first one/);
  expect((await told('apply', { changes: [] }, true)).err).toBe('');
  expect((await told('stop --all', { changes: [] }, false)).err).toBe('');
  expect((await told('apply', {}, false)).err).toBe('');
});

test('a start of named jobs lists each that is not up, and one of all jobs does not', async () => {
  const waiting = { changes: [change({ action: 'none', reason: 'unchanged', state: 'waiting', pid: null })] };
  expect((await told('start web', waiting)).out).toMatch(/web +waiting/);
  expect((await told('restart web', waiting)).out).toMatch(/web +waiting/);
  expect((await told('start --all', waiting)).out).not.toMatch(/web +waiting/);
});

test('what did not come up makes a trigger fail and says what to do, and a stop does not', async () => {
  const down = { changes: [change({ action: 'start', state: 'failed', pid: null })] };
  expect(await told('start web', down)).toMatchObject({
    code: 1,
    err: 'web did not come up: `overseer why web` says why, `overseer logs web` what it printed\n',
  });
  expect(await told('stop web', down)).toMatchObject({ code: 0, err: '' });
  expect(await told('stop web', { ok: false })).toMatchObject({ code: 1 });
});
