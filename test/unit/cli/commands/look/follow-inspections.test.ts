import { followInspections } from '../../../../../src/cli/commands/look/follow-inspections.ts';
import type { Cli, Command } from '../../../../../src/cli/cli.ts';
import { parse } from '../../../../../src/cli/argv/parse.ts';
import { runCommandLine } from '../../../../../src/cli/call/run-command-line.ts';
import type { InspectorServer } from '../../../../../src/cli/inspector.ts';
import type { Inspection, Reply } from '../../../../../src/wire/messages.ts';
import { AskedDaemon } from '../../../../support/asked-daemon.ts';
import { KeptOutput } from '../../../../support/fake-cli.ts';
import { HOMES } from '../../../../support/fake-client.ts';
import { answer, refusal } from '../../../../support/sample-replies.ts';
import { until } from '../../../../support/until.ts';

const inspection = (id: string): Reply => ({ kind: 'inspection', inspection: { id } as Inspection });
const ENDED = answer({ charts: 1 });

/** A running `inspect` with these arguments, and the messages that its page gets. */
function following(daemon: AskedDaemon, words = '', page = '') {
  const told: string[] = [];
  const [out, err, interrupted] = [new KeptOutput(), new KeptOutput(), new AbortController()];
  const server = {
    url: 'http://127.0.0.1:1/secret/',
    take: ({ id }: Inspection) => void told.push(id),
    lose: (why: string) => void told.push(why),
  } as unknown as InspectorServer;
  const command: Command = {
    words: 'inspect [jobs..]',
    about: 'Show',
    positionals: { jobs: 'These' },
    run: (cli: Cli) => followInspections(cli, server, page),
  };
  const surroundings = {
    env: {},
    homes: HOMES,
    ports: daemon.target.ports,
    out,
    err,
    interruption: () => interrupted.signal,
    endInterrupted: () => Promise.resolve(130 as never),
  };
  const code = runCommandLine(['inspect', ...words.split(' ').filter(Boolean)], surroundings, {
    commands: [command],
    parse: (given, columns) => parse(given, [command], columns),
    outputOf: () => out,
  });
  return { told, out, err, interrupted, code };
}

test('the address is printed once there is something to see, and Ctrl-C ends it', async () => {
  const daemon = new AskedDaemon().on('inspect', [inspection('one'), inspection('two')]);
  const { told, out, err, interrupted, code } = following(daemon, 'web db');
  await until(() => told.length === 2);
  expect(out.text).toBe(
    'http://127.0.0.1:1/secret/\nCtrl-C ends it. Anyone who has the address sees the charts.\n',
  );
  interrupted.abort();
  expect([await code, err.text, told]).toEqual([0, '', ['one', 'two']]);
  expect(daemon.asked).toEqual([{ name: 'inspect', jobs: ['web', 'db'] }]);
});

test('inspect prints its address and what the Stately page gets; --json prints an object', async () => {
  const shown = async (words: string, page: string): Promise<string> => {
    const { out, interrupted, code } = following(
      new AskedDaemon().on('inspect', [inspection('one')]),
      words,
      page,
    );
    await until(() => out.text !== '');
    interrupted.abort();
    await code;
    return out.text;
  };
  expect(await shown('', 'stately')).toBe(
    'http://127.0.0.1:1/secret/stately\n' +
      'Your browser loads the Stately inspector from stately.ai and hands it the charts and their context.\n' +
      'Ctrl-C ends it. Anyone who has the address sees the charts.\n',
  );
  expect(JSON.parse(await shown('--json', ''))).toEqual({ url: 'http://127.0.0.1:1/secret/' });
});

test.each<[string, Reply[] | 'closes', string]>([
  ['ends', [inspection('one'), ENDED], 'the next daemon is there\n'],
  ['is killed before there is something to see', 'closes', ''],
])('a daemon that %s is said to be lost, and the next one is followed', async (_, end, said) => {
  const daemon = new AskedDaemon().on('inspect', end, [inspection('next')]);
  const { told, out, err, interrupted, code } = following(daemon);
  await until(() => told.at(-1) === 'next');
  interrupted.abort();
  expect([await code, err.text]).toEqual([0, `the daemon has ended; waiting for the next one\n${said}`]);
  expect(told.slice(-2)).toEqual([
    'The daemon has ended. The page goes on with the next one; overseer starts it.',
    'next',
  ]);
  expect(out.text.match(/^http/gm)).toHaveLength(1);
});

test('without a daemon, or for an unknown job, nothing is followed', async () => {
  const none = following(new AskedDaemon().gone());
  expect([await none.code, none.out.text, none.told]).toEqual([3, '', []]);
  const unknown = following(new AskedDaemon().on('inspect', [refusal('no-such-job')]), 'nope');
  expect([await unknown.code, unknown.told]).toEqual([4, []]);
});

test('while no daemon runs that is said once, however long it takes until the next one', async () => {
  const daemon = new AskedDaemon().on('inspect', [inspection('one'), ENDED], [inspection('next')]);
  const { socket } = daemon.world;
  let looks = 0;
  Object.assign(daemon.target.ports, {
    readSocketFile: () => {
      if (daemon.asked.length === 0) return socket;
      looks += 1;
      return looks < 30 ? { kind: 'missing' } : socket;
    },
  });
  const { told, err, interrupted, code } = following(daemon);
  await until(() => told.at(-1) === 'next');
  interrupted.abort();
  expect([await code, err.text]).toEqual([
    0,
    'the daemon has ended; waiting for the next one\nthe next daemon is there\n',
  ]);
});
