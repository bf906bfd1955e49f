import { CROSS_ORIGIN_MESSAGE } from '@/lib/auth/same-origin';
import { teamSettings } from '@/lib/auth/settings';

const env = (url: string) => ({ LOOKTWICE_URL: url, LOOKTWICE_SECRET: 'a secret of a test that is long enough' });

test.each(['https://looktwice.example', 'https://looktwice.example/', 'http://127.0.0.1:3000'])(
  '%s is taken',
  (url) => {
    expect(teamSettings(env(url)).url.origin).toBe(new URL(url).origin);
  },
);

test.each([
  'https://example.com/looktwice',
  'https://example.com/?x=1',
  'https://example.com/#x',
  'https://ada@example.com',
])('%s is refused, since pages are made for the root of a host (case d01)', (url) => {
  expect(() => teamSettings(env(url))).toThrow(/LOOKTWICE_MODE=team: LOOKTWICE_URL must be a scheme and a host alone/);
});

test('a refused write says what to set', () => {
  expect(CROSS_ORIGIN_MESSAGE).toContain('LOOKTWICE_URL');
});
