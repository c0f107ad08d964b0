import { Socket } from 'node:net';

/** Whether the client that launched this daemon, at the other end of stdin, still waits for it. */
export async function launcherWaits(): Promise<boolean> {
  const stdin = new Socket({ fd: 0, readable: true, writable: false });
  let hasLeft = false;
  const leave = (): void => {
    hasLeft = true;
  };
  stdin.on('end', leave).on('close', leave).on('error', leave).resume();
  // If stdin has already ended, the first poll for input shows it, and the turn after it handles it.
  for (let turn = 0; turn < 3 && !hasLeft; turn += 1) await new Promise(setImmediate);
  stdin.removeAllListeners().destroy();
  return !hasLeft;
}
