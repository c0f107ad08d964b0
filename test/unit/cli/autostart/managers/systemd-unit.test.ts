import { parse } from 'plist';
import { agentText } from '../../../../../src/cli/autostart/managers/launchd-agent.ts';
import { unitText } from '../../../../../src/cli/autostart/managers/systemd-unit.ts';

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

test('the unit for systemd spares the jobs when the daemon ends, and brings back a daemon that crashed', () => {
  const lines = unitText(ENTRY).split('\n');
  const settings = lines.filter((line) => /^(\[|[A-Z]\w+=)/.test(line) && !line.startsWith('Description='));
  expect(settings).toEqual([
    '[Unit]',
    '[Service]',
    'ExecStart="/opt/overseerd" --autostart',
    'Environment="LANG=C.UTF-8"',
    'Environment="PATH=/opt:/bin"',
    'KillMode=process',
    'OOMPolicy=continue',
    'TasksMax=infinity',
    'TimeoutStopSec=120',
    'Restart=on-failure',
    'RestartSec=1',
    '[Install]',
    'WantedBy=default.target',
  ]);
});
