/** @jest-environment node */
import fc from 'fast-check';
import { safePath } from '@/lib/http/safe-path';

test.each([
  ['/', '/'],
  ['/?c=abc', '/?c=abc'],
  ['/team#audit', '/team#audit'],
  ['//evil.example', '/'],
  ['/\\evil.example', '/'],
  ['/a\\b', '/'],
  ['https://evil.example', '/'],
  ['javascript:alert(1)', '/'],
  ['/\t/evil.example', '/'],
  ['/\n/evil.example', '/'],
  ['', '/'],
  [undefined, '/'],
  [['/a', '/b'], '/'],
])('%j leads to %s', (path, expected) => {
  expect(safePath(path)).toBe(expected);
});

test('whatever it is given, the result stays on this site', () => {
  const odd = fc.string({ unit: fc.constantFrom('/', '\\', '\t', '\n', ':', '@', '.', 'a', '%', '?', '#', ' ') });
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        odd,
        odd.map((text) => `/${text}`),
      ),
      (text) => {
        expect(new URL(safePath(text), 'https://looktwice.example').origin).toBe('https://looktwice.example');
      },
    ),
    { numRuns: 2000 },
  );
});
