import { Socket } from 'node:net';

/** Whether the client that launched this daemon, at the other end of stdin, still waits for it. */
export async function launcherWaits(): Promise<boolean> {
  const stdin = new Socket({ fd: 0, readable: true, writable: false });
  let hasLeft = false;
  const leave = (): void => {
    hasLeft = true;
  };
  stdin.on('end', leave).on('close', leave).on('error', leave).resume();
  // An end that is already there shows at the first look for input; the turn after it has heard of it.
  for (let turn = 0; turn < 3 && !hasLeft; turn += 1) await new Promise(setImmediate);
  stdin.removeAllListeners().destroy();
  return !hasLeft;
}
