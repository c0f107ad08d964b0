import { packaged } from './said-by.mjs';
import { scanFolder } from './scan-folder.mjs';

export default scanFolder({
  name: 's6',
  notes: 'no loggers, `s6-log` with files of 256 MiB in the test of a log',
  // It prints no names.
  shown: /(?<=\(pid )\d+/g,
  version: () => packaged('s6-svscan', 's6'),
  daemonName: 's6-svscan',
  helperNames: ['s6-supervise', 's6-log'],
  daemon: (folder) => ['s6-svscan', '-c', '4000', folder],
  rescan: (folder) => `s6-svscanctl -a ${folder}`,
  status: (folder) => `for service in ${folder}/*; do s6-svstat $service; done`,
  change: (service) => ['s6-svc', '-r', service],
  stopAll: (folder) => `for service in ${folder}/*; do s6-svc -d $service; done`,
  logger: (logs) => `s6-log n1000 s268435455 ${logs}`,
  isLogFile: /^current$|^@/,
});
