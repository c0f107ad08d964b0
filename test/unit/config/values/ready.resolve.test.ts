import type { Alive, Ready } from '../../../../src/config/config.ts';
import { resolveAlive, resolveReady } from '../../../../src/config/values/ready.ts';

const KNOWN = { variables: { PORT: '8080', HOST: 'db', BAD: '99999' }, home: '/home/me' };
const TIMES = { intervalMs: 1_000, timeoutMs: 5_000, failures: 3 };

const alive = (kind: 'tcp' | 'http', written?: string): Alive =>
  ({ kind, ...TIMES, ...(written !== undefined && { written }) }) as Alive;
const ready = (kind: 'tcp' | 'http', written?: string): Ready =>
  ({
    kind,
    intervalMs: 1,
    timeoutMs: 2,
    withinMs: 3,
    ...(written !== undefined && { written }),
  }) as unknown as Ready;

test('a check with variables is that with their values, and keeps its times', () => {
  expect(resolveAlive(alive('tcp', '${HOST}:${PORT}'), KNOWN)).toEqual({
    ok: true,
    value: { kind: 'tcp', host: 'db', port: 8080, ...TIMES },
  });
  expect(resolveAlive(alive('http', 'http://${HOST}:${PORT}/ok'), KNOWN)).toMatchObject({
    ok: true,
    value: { kind: 'http', url: 'http://db:8080/ok', ...TIMES },
  });
});

test('a probe with variables is that with their values, and keeps its times', () => {
  expect(resolveReady(ready('tcp', '127.0.0.1:${PORT}'), KNOWN)).toMatchObject({
    ok: true,
    value: { kind: 'tcp', host: '127.0.0.1', port: 8080 },
  });
});

test('a check without variables stays as it is', () => {
  const plain = alive('tcp');
  expect(resolveAlive(plain, KNOWN)).toEqual({ ok: true, value: plain });
  const probe = ready('http');
  expect(resolveReady(probe, KNOWN)).toEqual({ ok: true, value: probe });
});

test('a missing variable, and a value that is no address, are reported', () => {
  const said = (written: string, kind: 'tcp' | 'http' = 'tcp'): string => {
    const resolved = resolveAlive(alive(kind, written), KNOWN);
    return resolved.ok ? '' : resolved.message;
  };
  expect([said('${NONE}:1'), said('h:${BAD}'), said('ftp://${HOST}/', 'http')]).toEqual([
    expect.stringMatching(/^\$\{NONE\} is not known/),
    expect.stringMatching(/^must be .*99999/),
    expect.stringMatching(/^must be .*ftp/),
  ]);
});
