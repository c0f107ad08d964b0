import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realPorts } from '../../../src/client/real-ports.ts';
import { HOMES } from '../../support/fake-client.ts';

test('T-217 the socket file is read only where it is a file of ours that nobody else can touch', () => {
  inFolder((folder) => {
    const ports = realPorts('/nowhere');
    const homes = { ...HOMES, data: folder };
    const path = join(folder, 'socket');
    expect(ports.readSocketFile(homes)).toEqual({ kind: 'missing' });
    writeFileSync(path, 'text', { mode: 0o600 });
    expect(ports.readSocketFile(homes)).toEqual({ kind: 'text', text: 'text' });
    for (const mode of [0o640, 0o620, 0o604, 0o602, 0o644, 0o660]) {
      chmodSync(path, mode);
      expect({ mode, found: ports.readSocketFile(homes) }).toEqual({
        mode,
        found: { kind: 'unusable', detail: `${path} can be read or written by others` },
      });
    }
    expect(ports.removeSocketFile(homes)).toBeNull();
    mkdirSync(path);
    expect(ports.readSocketFile(homes)).toEqual({
      kind: 'unusable',
      detail: `${path} is a folder, but no socket file of overseer's`,
    });
    expect(ports.removeSocketFile(homes)).not.toBeNull();
  });
});

function inFolder(use: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'overseer-client-'));
  use(folder);
  rmSync(folder, { recursive: true });
}
