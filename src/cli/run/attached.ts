import { ANOTHER_DAEMON } from '../../another-daemon.ts';
import type { AttachedDaemon, ClientPorts } from '../../client/ports.ts';
import type { Homes } from '../../homes.ts';

const POLL_MS = 15;
const PATIENCE_MS = 15_000;

export type Attaching =
  | { readonly ok: true; readonly daemon: AttachedDaemon }
  | { readonly ok: false; readonly isBusy: boolean; readonly detail: string };

/** Starts a daemon that ends with this process, and waits until it can be reached. */
export async function attach(ports: ClientPorts, homes: Homes): Promise<Attaching> {
  const left = textOf(ports, homes);
  const daemon = await ports.attachDaemon(homes);
  const begin = ports.clock.monotonic();
  while (ports.clock.monotonic() < begin + PATIENCE_MS) {
    const code = daemon.exitCode();
    if (code !== null)
      return {
        ok: false,
        isBusy: code === ANOTHER_DAEMON,
        detail: `the daemon ${daemon.ending()}${quoted(daemon)}`,
      };
    const now = textOf(ports, homes);
    if (now !== null && now !== left) return { ok: true, daemon };
    await new Promise<void>((resolve) => void ports.clock.after(POLL_MS, resolve));
  }
  return {
    ok: false,
    isBusy: false,
    detail: `the daemon is not reachable after ${PATIENCE_MS / 1000} s${quoted(daemon)}`,
  };
}

function quoted(daemon: AttachedDaemon): string {
  const tail = daemon.logTail();
  return tail === '' ? '' : `; it logged:\n${tail}`;
}

function textOf(ports: ClientPorts, homes: Homes): string | null {
  const found = ports.readSocketFile(homes);
  return found.kind === 'text' ? found.text : null;
}
