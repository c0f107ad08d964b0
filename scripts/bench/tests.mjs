// What a test for each job costs on a trigger: the trigger runs all of them, and none of the jobs is to run.
import { inSession } from './session.mjs';

/** The peer is overseer, or the loop that makes the same spawns. */
export async function measureTests({ peer, count, folder, probe }, keep) {
  await inSession({ peer, count, folder, probe }, keep, async (session) => {
    if (!peer.runTests) {
      peer.write(session, session.jobs(), 'test');
      await session.begin();
      // The first one also sets the jobs up.
      await session.time(peer.trigger(session));
    }
    const [{ ms, cpu }] = await session.time((peer.runTests ?? peer.trigger)(session));
    keep({ row: 'tests', count, value: ms, cpu });
  });
}
