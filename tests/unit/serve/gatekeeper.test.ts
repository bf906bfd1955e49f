import { refuse } from '@/lib/serve/gatekeeper';

test.each([
  ['GET', '/'],
  ['HEAD', '/s/abc?x=%ff'],
  ['POST', '/api/images?name=a%20b.png'],
  ['DELETE', '/api/images/x'],
  ['POST', '/v1/responses'],
  ['POST', '/mcp'],
  ['GET', '/_next/static/chunks/main.js'],
  ['GET', '/healthz'],
])('%s %s comes in', (method, url) => {
  expect(refuse(method, url)).toBeNull();
});

test.each([
  ['TRACE', '/', 405],
  ['CONNECT', '/api/status', 405],
  ['POST', '/', 405],
  ['OPTIONS', '/team', 405],
  ['POST', '/healthz', 405],
  ['POST', '/%61pi/images', 405],
  ['GET', '/%ff', 400],
  ['GET', '/api/%c3', 400],
  ['GET', '/a%00b', 400],
  ['GET', 'http://other.example/', 400],
  ['OPTIONS', '*', 400],
  ['GET', '/_next/image?url=x', 404],
  ['GET', '/_next/image/', 404],
])('%s %s is refused with %i', (method, url, status) => {
  expect(refuse(method, url)?.status).toBe(status);
});

test('a refused method is told which ones there are', () => {
  expect(refuse('PUT', '/')?.headers.allow).toBe('GET, HEAD');
});
