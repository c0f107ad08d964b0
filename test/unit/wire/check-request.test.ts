import { checkRequest } from '../../../src/wire/check-request.ts';
import { type Request } from '../../../src/wire/messages.ts';

describe('requests', () => {
  const good: Request[] = [
    { name: 'apply', configDir: '/c', wait: true, allowEmpty: false },
    { name: 'plan', configDir: '/c', allowEmpty: true },
    { name: 'status', jobs: ['web', 'db@1'] },
    { name: 'why', job: 'web' },
    { name: 'start', jobs: [], all: true, wait: false },
    { name: 'restart', jobs: ['web'], all: false, wait: true },
    { name: 'stop', jobs: ['web'], all: false },
    { name: 'signal', signal: 'SIGHUP', jobs: ['web'] },
    { name: 'events', jobs: ['web'], follow: true, verbose: false },
    { name: 'wait', jobs: ['web*'], state: 'running' },
    { name: 'DIE', keepJobs: true },
  ];

  test.each(good)('$name is let through as it is', (request) => {
    expect(checkRequest(JSON.parse(JSON.stringify(request)))).toEqual({ ok: true, request });
  });

  test.each(good)('$name with a field missing, of another type, or too many is refused', (request) => {
    for (const field of Object.keys(request).filter((key) => key !== 'name')) {
      const rest = Object.fromEntries(Object.entries(request).filter(([key]) => key !== field));
      expect(checkRequest(rest)).toEqual({
        ok: false,
        message: expect.stringMatching(`^${request.name}: the field ${field} is missing; it is `),
      });
      for (const wrong of [null, 7, {}, [7], [['a']], '\0', ['a\0']]) {
        expect(checkRequest({ ...request, [field]: wrong })).toEqual({
          ok: false,
          message: expect.stringMatching(`^${request.name}: ${field} must be `),
        });
      }
    }
    expect(checkRequest({ ...request, extra: 1 })).toMatchObject({
      ok: false,
      message: expect.stringContaining('unknown field "extra"'),
    });
    expect(checkRequest(JSON.parse(JSON.stringify(request).replace('{', '{"__proto__":{},')))).toMatchObject({
      ok: false,
      message: expect.stringContaining('unknown field "__proto__"'),
    });
  });

  test.each([
    null,
    undefined,
    7,
    'status',
    [],
    {},
    { name: 7 },
    { name: 'statsu' },
    { name: '__proto__' },
    { name: 'constructor' },
    { name: 'die' },
    JSON.parse('{"__proto__":{"name":"status","jobs":[]}}'),
  ])('%j is refused', (value) => {
    expect(checkRequest(value)).toMatchObject({ ok: false });
  });

  test('a refusal says what was found and what is known, and is short', () => {
    expect(checkRequest({ name: 'statsu' })).toEqual({
      ok: false,
      message:
        'unknown request "statsu"; known are apply, plan, status, why, start, restart, stop, signal, stdin, events, wait, inspect, DIE',
    });
    expect(checkRequest({ name: 'why', job: 3 })).toEqual({
      ok: false,
      message: 'why: job must be a string, not 3',
    });
    expect((checkRequest({ name: 'x'.repeat(1e6) }) as { message: string }).message.length).toBeLessThan(200);
  });
});
