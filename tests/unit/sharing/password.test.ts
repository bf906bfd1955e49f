import fc from 'fast-check';
import { hashPassword, verifyPassword } from '@/lib/sharing/password';
import { hashToken, newToken } from '@/lib/sharing/token';

test('only the same password matches; hashes of one password differ', async () => {
  const [first, second] = [await hashPassword('Prüfung 4711'), await hashPassword('Prüfung 4711')];
  expect(first).not.toBe(second);
  expect(first).not.toContain('Prüfung');
  expect(await verifyPassword('Prüfung 4711', first)).toBe(true);
  // The same letters, composed otherwise by another keyboard.
  expect(await verifyPassword('Prüfung 4711'.normalize('NFD'), first)).toBe(true);
  expect(await verifyPassword('prüfung 4711', first)).toBe(false);
});

test('a hash of another form matches nothing and breaks nothing', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string(), async (hash) => {
      expect(await verifyPassword('anything', hash)).toBe(false);
    }),
  );
});

test('tokens are 192 random bits, and what cannot be one has no hash', () => {
  const tokens = new Set(Array.from({ length: 1000 }, newToken));
  expect(tokens.size).toBe(1000);
  for (const token of tokens) {
    expect(hashToken(token)).toMatch(/^[0-9a-f]{64}$/);
  }
  for (const wrong of ['', 'x', `${newToken()}x`, newToken().slice(1), `${newToken().slice(1)}/`]) {
    expect(hashToken(wrong)).toBeNull();
  }
});
