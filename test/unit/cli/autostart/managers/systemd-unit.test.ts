import { unitText } from '../../../../../src/cli/autostart/managers/systemd-unit.ts';

const ENTRY = {
  program: '/opt/overseerd',
  seen: { program: '/opt/overseerd', node: '/opt/node' },
  path: '/opt:/bin',
  variables: { LANG: 'C.UTF-8' },
};

test('a unit spares the jobs when the daemon ends, and systemd restarts one that crashed', () => {
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
