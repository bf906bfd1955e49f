import fc from 'fast-check';
import { isUnlocked, unlockCookie } from '@/lib/sharing/unlock-cookie';

const share = { id: 'A'.repeat(22), passwordHash: 'scrypt$32768$8$1$c2FsdA$a2V5' };
const now = 1_790_000_000_000;
const value = (cookie: string) => cookie.split(';')[0] ?? '';

test('a link without a password is never locked; one with it is, until its cookie is shown', () => {
  expect(isUnlocked({ ...share, passwordHash: null }, null, now)).toBe(true);
  expect(isUnlocked(share, null, now)).toBe(false);
  const cookie = unlockCookie(share, { secure: true, now });
  expect(cookie).toMatch(/; Secure$/);
  expect(isUnlocked(share, `other=1; ${value(cookie)}; last=2`, now)).toBe(true);
});

test('the cookie ends with its time, its password and its link', () => {
  const cookie = value(unlockCookie(share, { secure: false, now }));
  expect(isUnlocked(share, cookie, now + 12 * 3_600_000 + 1000)).toBe(false);
  expect(isUnlocked({ ...share, passwordHash: 'scrypt$another' }, cookie, now)).toBe(false);
  const other = { ...share, id: 'B'.repeat(22) };
  expect(isUnlocked(other, cookie.replace(share.id, other.id), now)).toBe(false);
});

test('no changed or made-up value opens a link', () => {
  const cookie = value(unlockCookie(share, { secure: false, now }));
  const name = cookie.slice(0, cookie.indexOf('=') + 1);
  fc.assert(
    fc.property(fc.string({ unit: 'binary-ascii' }), (made) => {
      fc.pre(`${name}${made}`.trim() !== cookie);
      expect(isUnlocked(share, `${name}${made}`, now)).toBe(false);
    }),
  );
  fc.assert(
    fc.property(fc.integer({ min: now / 1000, max: 4e9 }), (until) => {
      const [, signature] = cookie.split('.');
      fc.pre(cookie !== `${name}${until}.${signature}`);
      expect(isUnlocked(share, `${name}${until}.${signature}`, now)).toBe(false);
    }),
  );
});
