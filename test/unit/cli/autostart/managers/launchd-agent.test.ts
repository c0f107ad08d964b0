import { parse } from 'plist';
import { agentText } from '../../../../../src/cli/autostart/managers/launchd-agent.ts';

const ENTRY = {
  program: '/opt/overseerd',
  seen: { program: '/opt/overseerd', node: '/opt/node' },
  path: '/opt:/bin',
  variables: { LANG: 'C.UTF-8' },
};

test('the agent for launchd has the keys that docs/on-a-mac.md lists', () => {
  expect(parse(agentText(ENTRY, { label: 'local.overseer', log: '/logs/a' }))).toEqual({
    Label: 'local.overseer',
    ProgramArguments: ['/opt/overseerd', '--autostart'],
    EnvironmentVariables: { LANG: 'C.UTF-8', PATH: '/opt:/bin' },
    RunAtLoad: true,
    KeepAlive: { SuccessfulExit: false },
    ProcessType: 'Interactive',
    ExitTimeOut: 120,
    AbandonProcessGroup: true,
    StandardOutPath: '/logs/a',
    StandardErrorPath: '/logs/a',
  });
});
