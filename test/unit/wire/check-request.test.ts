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

  test.each(good)('$name is accepted unchanged', (request) => {
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

  test('a refusal of a request names what was found and what is known, and is short', () => {
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

test('a field that came later may be missing, and is checked where it is there', () => {
  const whole = { name: 'plan', configDir: '/c', allowEmpty: false, jobs: ['web'], replace: true };
  expect(checkRequest(whole)).toEqual({ ok: true, request: whole });
  expect(checkRequest({ ...whole, jobs: 'web' })).toEqual({
    ok: false,
    message: 'plan: jobs must be an array of strings, not "web"',
  });
  expect(checkRequest({ ...whole, replace: 1 })).toEqual({
    ok: false,
    message: 'plan: replace must be true or false, not 1',
  });
  expect(checkRequest({ name: 'status', jobs: [], counts: true })).toMatchObject({ ok: true });
});

test.each<[unknown, string]>([
  [undefined, 'a request must be an object, not nothing'],
  [null, 'a request must be an object, not null'],
  [[], 'a request must be an object, not an array'],
  ['x'.repeat(38), `a request must be an object, not "${'x'.repeat(38)}"`],
  ['x'.repeat(39), `a request must be an object, not "${'x'.repeat(39)}…`],
])('instead of %j an object is asked for', (value, message) => {
  expect(checkRequest(value)).toEqual({ ok: false, message });
});

test('a field of the wrong type is named with that type, an unknown field with the known ones', () => {
  const why = (job: unknown): unknown => checkRequest({ name: 'why', job });
  expect([why({}), why([]), why(null)]).toEqual(
    ['an object', 'an array', 'null'].map((shown) => ({
      ok: false,
      message: `why: job must be a string, not ${shown}`,
    })),
  );
  expect(checkRequest({ name: 'why', job: 'web', extra: 1 })).toEqual({
    ok: false,
    message: 'why: unknown field "extra"; known are name, job',
  });
  expect(checkRequest({ name: 'why' })).toEqual({
    ok: false,
    message: 'why: the field job is missing; it is a string',
  });
});
