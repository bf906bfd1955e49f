import { createServer, request as send, type IncomingHttpHeaders, type Server } from 'node:http';
import { clientAddress } from '@/lib/http/client-address';
import { useTrueAddresses } from '@/lib/http/true-address';

const CLAIMS = {
  'x-forwarded-for': '203.0.113.7',
  'x-forwarded-host': 'evil.example',
  'x-forwarded-proto': 'https',
  forwarded: 'for=203.0.113.7',
};

let server: Server;
let port: number;
let seen: IncomingHttpHeaders;

beforeAll(async () => {
  server = createServer((request, response) => {
    seen = { ...request.headers };
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  port = address !== null && typeof address === 'object' ? address.port : 0;
});
afterAll(() => server.close());

async function headersOf(sent: Record<string, string>): Promise<IncomingHttpHeaders> {
  await new Promise<void>((resolve, reject) => {
    send({ host: '127.0.0.1', port, headers: sent, agent: false }, (response) => response.resume().on('end', resolve))
      .on('error', reject)
      .end();
  });
  return seen;
}

test('what a client claims about its address is replaced by where the connection came from', async () => {
  const stop = useTrueAddresses({});
  try {
    const headers = await headersOf(CLAIMS);
    expect(headers['x-forwarded-for']).toBe('127.0.0.1');
    expect([headers['x-forwarded-host'], headers['x-forwarded-proto'], headers.forwarded]).toEqual(
      Array(3).fill(undefined),
    );
    expect((await headersOf({}))['x-forwarded-for']).toBe('127.0.0.1');
  } finally {
    stop();
  }
  expect((await headersOf(CLAIMS))['x-forwarded-for']).toBe('203.0.113.7');
});

test('a proxy that is announced is believed, and of its list only the last entry', async () => {
  const stop = useTrueAddresses({ LOOKTWICE_PROXY: '1' });
  const { 'x-forwarded-for': list = '' } = await headersOf({ 'x-forwarded-for': '203.0.113.7, 198.51.100.2' });
  stop();
  const request = new Request('http://127.0.0.1/', { headers: { 'x-forwarded-for': String(list) } });
  expect(clientAddress(request)).toBe('198.51.100.2');
});
