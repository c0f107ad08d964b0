import { ConfigDocument, Place } from '../../../../src/config/toml/document.ts';
import { Source } from '../../../../src/config/toml/source.ts';
import { readReady, type RawReady } from '../../../../src/config/values/ready.ts';

/** The problem with such a probe; null if it is valid. */
function saidOf(raw: Partial<RawReady>): string | null {
  const document = new ConfigDocument(new Source('a.toml', ''), {});
  const ready = readReady(
    { interval: 1, timeout: 5, within: 60, ...raw },
    new Place(document, ['jobs', 0, 'ready']),
  );
  expect(ready === null).toBe(document.problems.length > 0);
  return document.problems[0]?.message ?? null;
}

describe('ready.http', () => {
  it.each(['http://u:100%@h/', 'https://%zz@h/', 'http://%C3%28@h/', 'http://:%E0%A4%A@h/', 'http://%@h/'])(
    'credentials that cannot be decoded are a config problem: %s',
    (http) => {
      expect(saidOf({ http })).toMatch(/must be a URL whose (?:username|password) is percent-encoded/);
    },
  );

  it.each(['http://u:100%25@h/', 'http://h/%', 'http://h/?%zz', 'http://grüße.example/', 'http://[::1]:80/'])(
    'a URL that the client can use is taken: %s',
    (http) => {
      expect(saidOf({ http })).toBeNull();
    },
  );

  it.each(['http://', 'http://h:0/', 'http://h:99999/', 'ftp://h/', 'http://a b/', 'http:///'])(
    'a text that is no URL of a server is a config problem: %s',
    (http) => {
      expect(saidOf({ http })).toContain('must be');
    },
  );
});

describe('ready.log', () => {
  it.each([
    ['(a|b)'.repeat(20_000), 'at most 1000 characters, got 100000'],
    [`${'(?:'.repeat(20_000)}a${')*'.repeat(20_000)}`, 'at most 1000 characters, got 100001'],
    [`${'('.repeat(40)}a${')+'.repeat(40)}`, 'at most 32 groups within each other'],
    ['('.repeat(20), 'Unterminated group'],
  ])('an expression that is too large for a look is a config problem', (log, said) => {
    expect(saidOf({ log })).toContain(said);
  });

  it('an expression that is slow for an empty line does not hold up the check', () => {
    expect(saidOf({ log: '(?:a?|b?|c?|d?){40}x' })).toBeNull();
  });
});
