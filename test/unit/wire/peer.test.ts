import { LIMITS } from '../../../src/wire/limits.ts';
import { type Reply } from '../../../src/wire/messages.ts';
import { STATUS, died, progress, until, daemon, echoJobs, client, ask } from '../../support/wire-daemon.ts';

test('T-252 a request gets its progress and its answer, and so does the next on the connection', async () => {
  const { file } = await daemon({}, ({ request, peer }) => {
    peer.reply(progress(1));
    peer.reply(progress(2));
    echoJobs({ request, peer });
    peer.reply(died('too late'));
  });
  const connection = await client(file);
  expect(await ask(connection, { name: 'status', jobs: ['ä'] })).toEqual([
    progress(1),
    progress(2),
    died('ä'),
  ]);
  expect(await ask(connection, { name: 'DIE', keepJobs: false })).toEqual([
    progress(1),
    progress(2),
    died('DIE'),
  ]);
});

test('T-244 several requests on one connection get their own replies, in whatever order they come', async () => {
  const { file, asked } = await daemon({}, () => undefined);
  const connection = await client(file);
  const answers = ['a', 'b', 'c'].map((job) => ask(connection, { name: 'status', jobs: [job] }));
  await until('three requests', () => asked.length === 3);
  for (const [index, { peer }] of asked.entries()) peer.reply(progress(index));
  for (const each of [...asked].reverse()) echoJobs(each);
  expect(await Promise.all(answers)).toEqual([
    [progress(0), died('a')],
    [progress(1), died('b')],
    [progress(2), died('c')],
  ]);
});

test('5,000 progress frames of one turn all arrive, in order', async () => {
  const { file } = await daemon({}, ({ peer }) => {
    for (let done = 0; done < 5_000; done += 1) peer.reply(progress(done));
    peer.reply(died());
  });
  const replies = await ask(await client(file), STATUS);
  expect(replies).toHaveLength(5_001);
  expect(replies[4_999]).toEqual(progress(4_999));
});

test('a refusal of the daemon ends the request', async () => {
  const refusal: Reply = {
    kind: 'refusal',
    refusal: { code: 'no-such-job', message: 'no job wbe; did you mean web?' },
  };
  const { file } = await daemon({}, ({ peer }) => peer.reply(refusal));
  expect(await ask(await client(file), STATUS)).toEqual([refusal]);
});

test('an answer of megabytes arrives whole; one beyond the limit becomes a refusal', async () => {
  const { file } = await daemon({}, ({ request, peer }) => {
    peer.reply({
      kind: 'progress',
      progress: {
        done: 0,
        of: 1,
        pending: [{ job: 'y'.repeat(LIMITS.replyFrameBytes), state: 'running' }],
      },
    });
    peer.reply(died('x'.repeat(request.name === 'status' ? 1_500_000 : LIMITS.replyFrameBytes)));
  });
  const connection = await client(file);
  expect(await ask(connection, STATUS)).toEqual([died('x'.repeat(1_500_000))]);
  expect(await ask(connection, { name: 'why', job: 'x' })).toEqual([
    {
      kind: 'refusal',
      refusal: { code: 'internal', message: expect.stringContaining('ask for fewer jobs') },
    },
  ]);
});

test('a request beyond the limit fails alone', async () => {
  const { file } = await daemon();
  const connection = await client(file);
  expect(await ask(connection, { name: 'why', job: 'x'.repeat(LIMITS.requestFrameBytes) })).toEqual([
    'protocol',
  ]);
  expect(await ask(connection, STATUS)).toEqual([died()]);
});

test('a request on a connection that has ended fails with that reason', async () => {
  const { file, asked, close } = await daemon({}, () => undefined);
  const connection = await client(file);
  const open = ask(connection, STATUS);
  await until('the request', () => asked.length === 1);
  await close();
  expect(await open).toEqual(['closed']);
  expect(await ask(connection, STATUS)).toEqual(['closed']);
});

test('a daemon that leaves tells a client without a request that it hears nothing more', async () => {
  const { file, asked, close } = await daemon();
  const [early, late] = [await client(file), await client(file)];
  await ask(early, STATUS);
  // One request is on its way while the daemon leaves, the other comes later.
  const answer = ask(early, STATUS);
  await close();
  const farewell = {
    kind: 'refusal',
    refusal: { code: 'shutting-down', message: 'the daemon is shutting down; try again in a moment' },
  };
  expect([await answer, await ask(late, STATUS), asked.length]).toEqual([[farewell], [farewell], 1]);
});

test('no callback is called after close', async () => {
  const { file, asked } = await daemon({}, () => undefined);
  const connection = await client(file);
  const called: string[] = [];
  connection.request(
    STATUS,
    () => called.push('reply'),
    () => called.push('closed'),
  );
  await until('the request', () => asked.length === 1);
  connection.close();
  await until('the peer is gone', () => asked[0]?.peer.gone === true);
  expect(called).toEqual([]);
});
