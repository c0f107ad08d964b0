import { answering, run } from '../../../../support/fake-cli.ts';
import { fakePorts, fakeWorld } from '../../../../support/fake-client.ts';
import { answer, BAD, change, REPORT } from '../../../../support/sample-replies.ts';
import type { Report } from '../../../../../src/wire/messages.ts';

const report = (...changes: Report['changes']): Report => ({ ok: true, changes, problems: [] });

test('a plan exits with 2 where something would change, if that is asked for', async () => {
  const plan = async (words: string, given: Report): Promise<number> =>
    (await run(`plan ${words}`, answering(answer(given)))).code;
  const changing = report(change({ action: 'start', reason: 'new' }));
  expect([
    await plan('', changing),
    await plan('--exit-code', changing),
    await plan('--exit-code', REPORT),
    await plan('--exit-code', BAD),
  ]).toEqual([0, 2, 0, 78]);
});

test('without a daemon a plan comes from what the last one persisted', async () => {
  const changing = report(change({ action: 'start', reason: 'new' }));
  const world = fakeWorld();
  const ports = { ...fakePorts(world), planOffline: () => Promise.resolve(answer(changing)) };
  const { code, out } = await run('plan --exit-code', world, { ports });
  expect([code, out]).toEqual([2, expect.stringContaining('1 to start')]);
  expect(world.log).not.toContain('launch');
});
