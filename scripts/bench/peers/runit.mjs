import { packaged } from './said-by.mjs';
import { scanFolder } from './scan-folder.mjs';

export default scanFolder({
  name: 'runit',
  notes: 'no loggers, `svlogd` without rotation in the test of a log',
  version: () => packaged('runsvdir', 'runit'),
  daemonName: 'runsvdir',
  helperNames: ['runsv', 'svlogd'],
  daemon: (folder) => ['runsvdir', '-P', folder],
  // It does not read its folder in the second in which that changed.
  settleMs: 1_200,
  // It looks at its folder every five seconds.
  pollMs: 5_000,
  status: (folder) => `sv status ${folder}/*`,
  change: (service) => ['sv', 'restart', service],
  stopAll: (folder) => `sv -w 60 stop ${folder}/*`,
  logger: (logs) => `svlogd ${logs}`,
  loggerConfig: 's0\nn0\n',
  isLogFile: /^current$|^@/,
});
