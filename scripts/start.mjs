// `npm start`: runs overseer with the example config and a data folder of its own, `.example/` in this
// folder. `npm start -- status` and the like pass a command on.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const args = process.argv.slice(2);
const env = {
  ...process.env,
  XDG_CONFIG_HOME: `${root}docs/examples/first`,
  XDG_DATA_HOME: `${root}.example`,
};
mkdirSync(env.XDG_DATA_HOME, { recursive: true });
const { status } = spawnSync(process.execPath, [`${root}bin/overseer`, ...args], { env, stdio: 'inherit' });
if (args.length === 0 && status === 0) {
  console.log(`
Next:  curl http://127.0.0.1:8642/
       npm start -- status
       npm start -- logs
       npm start            again: nothing changes
       npm start -- die     stops every job and the daemon`);
}
process.exitCode = status ?? 1;
