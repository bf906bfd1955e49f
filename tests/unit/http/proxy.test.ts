import { NextRequest } from 'next/server';
import { useFullBuckets } from '../../support/full-buckets';
import { config, proxy } from '@/proxy';

useFullBuckets();

const visit = (path: string, init: { method?: string; headers?: Record<string, string> } = {}) =>
  proxy(new NextRequest(new URL(path, 'http://127.0.0.1:3000'), init));

function directives(policy: string | null): Map<string, string> {
  return new Map((policy ?? '').split('; ').map((part) => part.split(/ (.*)/s).slice(0, 2) as [string, string]));
}

test('a page runs the scripts of its own nonce only, which differs every time', () => {
  const policies = [1, 2].map(() => directives(visit('/').headers.get('content-security-policy')));
  const [first, second] = policies.map((policy) => policy.get('script-src') ?? '');
  expect(first).toMatch(/^'self' 'nonce-[A-Za-z0-9+/]{22}==' 'strict-dynamic'$/);
  expect(first).not.toBe(second);
  expect(first).not.toContain('unsafe');
});

test('a page loads nothing from elsewhere, is framed by nobody and posts to this site only', () => {
  const policy = directives(visit('/').headers.get('content-security-policy'));
  expect(Object.fromEntries(policy)).toMatchObject({
    'default-src': "'self'",
    'connect-src': "'self'",
    'object-src': "'none'",
    'base-uri': "'none'",
    'form-action': "'self'",
    'frame-ancestors': "'none'",
  });
  for (const value of policy.values()) {
    expect(value).not.toMatch(/https?:|\*/);
  }
});

test.each(['/', '/sign-in'])('%s has the headers that keep it apart from other sites', (path) => {
  const { headers } = visit(path);
  expect(Object.fromEntries(headers)).toMatchObject({
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
  });
  expect(headers.get('permissions-policy')).toContain('camera=()');
});

test.each([{ 'sec-fetch-site': 'cross-site' }, { origin: 'https://evil.example' }])(
  'a write with %j does not get past it',
  (headers) => {
    expect(visit('/team', { method: 'POST', headers }).status).toBe(403);
  },
);

test('an address gets sixty pages of links at once, framed or not; then it waits, and nobody else does', async () => {
  const from = (address: string, path = '/s/abc') => visit(path, { headers: { 'x-forwarded-for': address } });
  const statuses = Array.from(
    { length: 60 },
    (_, i) => from('10.0.0.1', i % 2 === 0 ? '/s/abc' : '/s/xyz/embed').status,
  );
  expect(new Set(statuses)).toEqual(new Set([200]));
  const refused = from('10.0.0.1');
  expect([refused.status, await refused.text()]).toEqual([
    429,
    expect.stringMatching(/^Too many requests: wait \d+ s\n$/),
  ]);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(refused.headers.get('x-content-type-options')).toBe('nosniff');
  expect(from('10.0.0.2').status).toBe(200);
  expect(from('10.0.0.1', '/').status).toBe(200);
});

test('it sees every page, and neither built files nor routes, whose bodies Next.js would keep in memory', () => {
  const [pattern = ''] = config.matcher;
  const matches = (path: string) => new RegExp(`^${pattern}$`).test(path);
  expect(['/', '/team', '/s/abc', '/s/abc/embed', '/mcps', '/apis', '/sign-in'].filter(matches)).toHaveLength(7);
  const others = ['/_next/static/chunks/main.js', '/api/images', '/api/datasets/x/imports', '/v1/models', '/mcp'];
  expect([...others, '/healthz', '/readyz', '/metrics'].filter(matches)).toEqual([]);
});
