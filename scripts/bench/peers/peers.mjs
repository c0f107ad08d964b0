import daemontools from './daemontools.mjs';
import floor from './floor.mjs';
import least from './least.mjs';
import monit from './monit.mjs';
import { overseer, overseerFile } from './overseer.mjs';
import pm2 from './pm2.mjs';
import runit from './runit.mjs';
import s6 from './s6.mjs';
import supervisord from './supervisord.mjs';
import systemd from './systemd.mjs';

/** In the order of the tables. */
export const PEERS = [
  overseer,
  floor,
  least,
  overseerFile,
  runit,
  s6,
  daemontools,
  systemd,
  supervisord,
  pm2,
  monit,
];
export { floor, least, overseer };
