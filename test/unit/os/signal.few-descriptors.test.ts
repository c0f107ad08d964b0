import { spawn } from 'node:child_process';
import { signalProcess } from '../../../src/os/signal.ts';
import { thisOs } from '../../../src/os/this-os.ts';
import { withDescriptorsLeft } from '../../support/few-descriptors.ts';

(thisOs().name === 'linux' ? test : test.skip)(
  'the first signal is sent also while no descriptor is left to ask for the group of overseer',
  async () => {
    const child = spawn('sleep', ['1000'], { stdio: 'ignore' });
    const ended = new Promise((resolve) => child.once('exit', (_code, signal) => resolve(signal)));
    try {
      const sent = await withDescriptorsLeft(0, () => {
        expect(() => signalProcess(process.pid, 'SIGTERM')).toThrow('that is overseer itself');
        return Promise.resolve(signalProcess(child.pid ?? 0, 'SIGTERM'));
      });
      expect(sent).toBe('sent');
    } finally {
      child.kill('SIGKILL');
    }
    expect(await ended).toBe('SIGTERM');
  },
);
