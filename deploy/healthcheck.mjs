/**
 * Ends with 0 when the server answers, else with 1: for the health check of a container, or anything that restarts what
 * is frozen.
 *   node deploy/healthcheck.mjs [PORT]
 */
import { get } from 'node:http';

const TIMEOUT_MS = 10_000;
const port = process.argv[2] ?? process.env.PORT ?? '3000';

const fail = (why) => {
  console.error(`LookTwice does not answer on port ${port}: ${why}`);
  process.exit(1);
};

const request = get({ host: '127.0.0.1', port, path: '/healthz', timeout: TIMEOUT_MS }, ({ statusCode }) => {
  if (statusCode !== 200) {
    fail(`status ${statusCode}`);
  }
  process.exit(0);
});
request.on('timeout', () => fail(`no answer within ${TIMEOUT_MS / 1000} s`));
request.on('error', (error) => fail(error.message));
