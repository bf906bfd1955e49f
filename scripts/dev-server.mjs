/**
 * The development server in one process. `next dev` would fork one that does not know its address, and the server
 * refuses to run without accounts on an address that other machines may reach (lib/auth/prepare-access.ts).
 */
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import next from 'next';
import { root } from './bootstrap.mjs';

const { values } = parseArgs({ options: { hostname: { type: 'string' }, port: { type: 'string' } } });
const { hostname = '127.0.0.1' } = values;
const port = Number(values.port ?? 3000);
const httpServer = createServer((request, response) => void handle(request, response));
const app = next({ dev: true, dir: root, hostname, port, httpServer });
const handle = app.getRequestHandler();
await app.prepare();
httpServer.listen(port, hostname, () => console.log(`LookTwice reloads on change: http://${hostname}:${port}`));
