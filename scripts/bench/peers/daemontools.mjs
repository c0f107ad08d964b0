import { packaged } from './said-by.mjs';
import { scanFolder } from './scan-folder.mjs';

export default scanFolder({
  name: 'daemontools',
  notes: 'no loggers, `multilog` with files of 16 MiB in the test of a log',
  version: () => packaged('svscan', 'daemontools'),
  daemonName: 'svscan',
  helperNames: ['supervise', 'multilog'],
  daemon: (folder) => ['svscan', folder],
  pollMs: 5_000,
  status: (folder) => `svstat ${folder}/*`,
  change: (service) => ['svc', '-t', service],
  stopAll: (folder) => `svc -d ${folder}/*`,
  logger: (logs) => `multilog n1000 s16777215 ${logs}`,
  isLogFile: /^current$|^@/,
});
