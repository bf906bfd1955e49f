import { isSecureRequest, publicOrigin } from '@/lib/sharing/public-address';
import { isSameOriginWrite } from '@/lib/auth/same-origin';
import { useTeamMode } from '../../support/team';

const forged = new Headers({ host: 'evil.example' });

test('without accounts the address is the one of the request, which must be this machine’s for all that is not public', () => {
  expect(publicOrigin(new Headers({ host: '127.0.0.1:3000' }))).toBe('http://127.0.0.1:3000');
  expect(isSecureRequest(new Headers())).toBe(false);
  expect(isSecureRequest(new Headers({ 'x-forwarded-proto': 'https, http' }))).toBe(true);
});

describe('with accounts', () => {
  useTeamMode({ LOOKTWICE_URL: 'https://looktwice.example' });

  test('it is LOOKTWICE_URL, whatever Host a request claims, and cookies are Secure', () => {
    expect(publicOrigin(forged)).toBe('https://looktwice.example');
    expect(isSecureRequest(forged)).toBe(true);
  });

  test('a write behind a proxy that puts another Host comes from our own page all the same', () => {
    const headers = (origin: string) => new Headers({ host: 'backend:3000', origin });
    expect(isSameOriginWrite('POST', headers('https://looktwice.example'))).toBe(true);
    expect(isSameOriginWrite('POST', headers('https://evil.example'))).toBe(false);
    expect(isSameOriginWrite('POST', headers('http://looktwice.example'))).toBe(false);
  });
});
