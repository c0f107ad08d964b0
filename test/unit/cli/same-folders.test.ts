import { Args } from '../../../src/cli/argv/args.ts';
import { firstSteps } from '../../../src/cli/first-steps.ts';
import { callFor } from '../../../src/cli/same-folders.ts';
import { fakePorts, fakeWorld, HOMES } from '../../support/fake-client.ts';

test.each([
  [{}, '', 'overseer'],
  [{}, 'init', 'overseer init'],
  [{ project: '.' }, 'status', 'overseer --project status'],
  [{ project: '../shop' }, 'status', 'overseer --project=../shop status'],
  [{ config: '/c', data: '/d' }, 'check', 'overseer --config /c --data /d check'],
])('another command for the folders of %j is called with the same options', (given, command, call) => {
  expect(callFor({ args: new Args(given) }, command)).toBe(call);
});

test('without a config the first step is said, and with one nothing', () => {
  const steps = (hasConfig: boolean): string =>
    firstSteps({ args: new Args({}), homes: HOMES, ports: fakePorts(fakeWorld({ hasConfig })) });
  expect([steps(false), steps(true)]).toEqual([
    'There is no config in /home/me/.config/overseer yet: `overseer init` writes a first one.\n',
    '',
  ]);
});
