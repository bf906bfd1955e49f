import { deviceCookie, knownDevice } from '@/lib/auth/known-device';
import { useTeamMode } from '../../support/team';

useTeamMode();

const headersOf = (setCookie: string) => new Headers({ cookie: `other=1; ${setCookie.split(';')[0] ?? ''}` });

test('a device is known to the account that it signed in to, and to no other', () => {
  const headers = headersOf(deviceCookie('ada@example.com'));
  expect(knownDevice(headers, 'Ada@example.com')).toEqual(expect.any(String));
  expect(knownDevice(headers)).toBe(knownDevice(headers, 'ada@example.com'));
  expect(knownDevice(headers, 'bob@example.com')).toBeNull();
  expect(knownDevice(new Headers())).toBeNull();
});

test('a cookie that is renamed to another account, or changed, is worth nothing', () => {
  const cookie = deviceCookie('ada@example.com');
  const [bob = ''] = deviceCookie('bob@example.com').split('=');
  const renamed = cookie.replace(/^[^=]+/, bob);
  expect(knownDevice(headersOf(renamed), 'bob@example.com')).toBeNull();
  expect(knownDevice(headersOf(cookie.replace('=', '=x')), 'ada@example.com')).toBeNull();
  expect(knownDevice(headersOf(cookie.replace(/\..*?;/, '.;')), 'ada@example.com')).toBeNull();
});

test('another secret makes the cookies worthless, and scripts do not read them', () => {
  const cookie = deviceCookie('ada@example.com');
  expect(cookie).toMatch(/; HttpOnly; SameSite=Lax$/);
  const before = process.env.LOOKTWICE_SECRET;
  process.env.LOOKTWICE_SECRET = 'another secret that is long enough too';
  expect(knownDevice(headersOf(cookie), 'ada@example.com')).toBeNull();
  process.env.LOOKTWICE_SECRET = before;
});
