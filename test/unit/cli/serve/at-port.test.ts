import { Args } from '../../../../src/cli/argv/args.ts';
import { EXIT } from '../../../../src/cli/exit-codes.ts';
import { atPort } from '../../../../src/cli/serve/at-port.ts';
import { leastCli } from '../../../support/least-cli.ts';

/** Serves at the port of these words; what was said, or the port. */
async function served(given: object, failure: Error | null = null): Promise<unknown> {
  let at: number | null = null;
  const { cli, failures } = leastCli({ args: new Args({ ...given }) });
  const code = await atPort(cli, (port) => {
    at = port;
    return failure === null ? Promise.resolve(EXIT.done) : Promise.reject(failure);
  });
  const [said] = failures;
  return said === undefined ? [code, at] : [code, `${said.code}: ${said.message}`];
}

test('a page is served at the port that is named, or at any', async () => {
  expect([await served({}), await served({ port: '0' }), await served({ port: '65535' })]).toEqual([
    [0, 0],
    [0, 0],
    [0, 65_535],
  ]);
});

test.each(['65536', '-1', 'x', '', '1.5', '100000', '0x10'])('the port %j is none', async (port) => {
  expect(await served({ port })).toEqual([64, `usage: --port wants a number from 0 to 65535, not ${port}`]);
});

test('a port that is taken is told, and another failure is none of its own', async () => {
  const taken = Object.assign(new Error('listen EADDRINUSE'), { code: 'EADDRINUSE', syscall: 'listen' });
  expect(await served({ port: '80' }, taken)).toEqual([
    1,
    expect.stringMatching(/^port: cannot serve a page at port 80: .+/),
  ]);
  await expect(served({}, new Error('a bug'))).rejects.toThrow('a bug');
});
