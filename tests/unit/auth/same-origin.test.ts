import { isLoopbackHost } from '@/lib/auth/loopback';
import { mayRole } from '@/lib/auth/permissions';
import { isSameOriginWrite } from '@/lib/auth/same-origin';

test.each([
  ['GET', { 'sec-fetch-site': 'cross-site' }, true],
  ['POST', { 'sec-fetch-site': 'same-origin' }, true],
  ['POST', { 'sec-fetch-site': 'none' }, true],
  ['POST', { 'sec-fetch-site': 'same-site' }, false],
  ['DELETE', { 'sec-fetch-site': 'cross-site', origin: 'http://localhost:3000', host: 'localhost:3000' }, false],
  ['POST', { origin: 'http://localhost:3000', host: 'localhost:3000' }, true],
  ['POST', { origin: 'http://localhost:3001', host: 'localhost:3000' }, false],
  ['POST', { origin: 'null', host: 'localhost:3000' }, false],
  ['POST', { host: 'localhost:3000' }, true],
])('%s with %j: %s', (method, headers, expected) => {
  expect(isSameOriginWrite(method, new Headers(headers as Record<string, string>))).toBe(expected);
});

describe('behind a proxy that puts another Host and sends no Sec-Fetch-Site (case d02)', () => {
  const team = {
    LOOKTWICE_MODE: 'team',
    LOOKTWICE_URL: 'https://lt.example',
    LOOKTWICE_SECRET: 'a secret of a test that is long enough',
  };
  beforeAll(() => Object.assign(process.env, team));
  afterAll(() => Object.keys(team).forEach((name) => delete process.env[name]));

  test.each([
    ['https://lt.example', true],
    ['http://lt.example', false],
    ['https://lt.example.evil.example', false],
    ['https://evil.example', false],
  ])('a write from %s: %s', (origin, expected) => {
    const headers = new Headers({ origin, host: '127.0.0.1:3000', 'x-forwarded-host': 'lt.example' });
    expect(isSameOriginWrite('POST', headers)).toBe(expected);
  });
});

test.each([
  ['127.0.0.1:3000', true],
  ['localhost', true],
  ['LOCALHOST:80', true],
  ['[::1]:3000', true],
  ['127.0.0.1.evil.example', false],
  ['evil.example', false],
  ['0.0.0.0:3000', false],
  ['user@localhost', true],
  ['', false],
  [null, false],
])('the host %s is this machine: %s', (host, expected) => {
  expect(isLoopbackHost(host)).toBe(expected);
});

test('a viewer reads and does nothing else', () => {
  expect(['public', 'read', 'chat', 'write', 'administer'].filter((p) => mayRole('viewer', p as 'read'))).toEqual([
    'public',
    'read',
  ]);
});
