import { readFileSync } from 'node:fs';
import { LIMITS } from '../../../src/wire/limits.ts';
import { WIRE_VERSION } from '../../../src/wire/messages.ts';
import { VECTORS } from '../../support/wire-vectors.ts';

describe('docs/internals/protocol.md', () => {
  const text = readFileSync(new URL('../../../docs/internals/protocol.md', import.meta.url), 'utf8');

  test('the protocol page lists every limit with its value, and no other', () => {
    const listed = [...text.matchAll(/^\| `(\w+)` \| ([\d,]+) \|/gm)].map(([, name, value]) => [
      name,
      Number(value?.replaceAll(',', '')),
    ]);
    expect(Object.fromEntries(listed)).toEqual(LIMITS);
  });

  test('the protocol page has proofs to check an implementation with, and the wire version', () => {
    expect(text).toContain(`S  ${VECTORS.S}\nC  ${VECTORS.C}\n`);
    expect(text).toContain(`Wire version ${WIRE_VERSION}.`);
  });
});
