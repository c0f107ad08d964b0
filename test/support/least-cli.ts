import { Args } from '../../src/cli/argv/args.ts';
import type { Cli } from '../../src/cli/cli.ts';
import { EXIT } from '../../src/cli/exit-codes.ts';
import type { Failure } from '../../src/cli/fail.ts';
import { KeptOutput } from './fake-cli.ts';
import { fakePorts, fakeWorld, HOMES } from './fake-client.ts';
import { plain } from './sample-replies.ts';

/** A call without words where no daemon runs, and what differs; its failures are kept and not printed. */
export function leastCli(given: Partial<Cli> = {}) {
  const [out, err] = [new KeptOutput(), new KeptOutput()];
  const failures: Failure[] = [];
  const fail = (failure: Failure) => {
    failures.push(failure);
    return Promise.resolve(failure.exit);
  };
  const cli: Cli = {
    args: new Args({}),
    env: {},
    commands: [],
    homes: HOMES,
    usual: HOMES,
    project: null,
    ports: fakePorts(fakeWorld()),
    out,
    report: out,
    err,
    outContext: plain(80),
    errContext: plain(80),
    interruption: () => new AbortController().signal,
    endInterrupted: () => Promise.resolve(EXIT.failed),
    onStep: () => undefined,
    fail,
    wrongUsage: (message) => fail({ code: 'usage', message, exit: EXIT.usage }),
    ...given,
  };
  return { cli, out, err, failures };
}
