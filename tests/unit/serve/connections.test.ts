import { createServer, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { boundConnections } from '@/lib/serve/connections';

let server: Server;
const sockets: Socket[] = [];

async function listen(perAddress: number | null): Promise<number> {
  server = createServer((_request, response) => response.end('ok'));
  boundConnections(server, perAddress);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return address !== null && typeof address === 'object' ? address.port : 0;
}

/** Opens a connection and asks for something; whether it was answered. */
function ask(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n'));
    sockets.push(socket);
    socket.once('data', () => resolve(true));
    socket.once('close', () => resolve(false));
    socket.on('error', () => undefined);
  });
}

afterEach(async () => {
  sockets.splice(0).forEach((socket) => socket.destroy());
  await new Promise((resolve) => server.close(resolve));
});

test('an address has so many connections, and another one when one of them has ended', async () => {
  const port = await listen(2);
  expect([await ask(port), await ask(port), await ask(port)]).toEqual([true, true, false]);
  const [first] = sockets;
  await new Promise<void>((resolve) => {
    first?.once('close', () => resolve());
    first?.destroy();
  });
  // The server hears of it a moment later.
  let answered = false;
  while (!answered) {
    answered = await ask(port);
  }
  expect(answered).toBe(true);
});

test('behind a proxy, which has one address for all, addresses are not counted', async () => {
  const port = await listen(null);
  expect(await Promise.all([1, 2, 3, 4].map(() => ask(port)))).toEqual([true, true, true, true]);
});
