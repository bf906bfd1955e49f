import { route } from '@/lib/handler/route';
import { useDataDirectory } from '../../support/data-directory';
import { useFullBuckets } from '../../support/full-buckets';
import { call } from '../../support/request';
import { loadRoutes } from '../../support/routes';

useDataDirectory();
useFullBuckets();

test('every answer, a refusal too, has the headers that keep it apart from other sites', async () => {
  const kept = {
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
  };
  const good = await call(
    route({ access: 'public' }, () => Response.json({})),
    '/api/x',
  );
  const bad = await call(
    route({ access: 'public' }, () => {
      throw new Error('broken');
    }),
    '/api/shared/token/x',
  );
  expect([good.status, Object.fromEntries(good.headers)]).toEqual([200, expect.objectContaining(kept)]);
  expect([bad.status, Object.fromEntries(bad.headers)]).toEqual([500, expect.objectContaining(kept)]);
  expect(bad.headers.get('x-robots-tag')).toContain('noindex');
});

const rule = { name: 'test', burst: 2, perMinute: 6 };
const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });

test('a route answers as often as its rule says, then it tells the address how long to wait', async () => {
  let handled = 0;
  const handler = route({ access: 'public', rate: rule }, () => {
    handled += 1;
    return Response.json({});
  });
  const answers = [];
  for (let i = 0; i < 3; i += 1) {
    answers.push(await call(handler, '/', from('10.0.0.1')));
  }
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
  const refused = answers[2];
  const wait = Number(refused?.headers.get('retry-after'));
  expect(wait).toBeGreaterThan(0);
  expect(wait).toBeLessThanOrEqual(10);
  expect((await refused?.json()).error).toMatchObject({ code: 'too_many_requests' });
  expect(handled).toBe(2);
  expect((await call(handler, '/', from('10.0.0.2'))).status).toBe(200);
});

test('an account is limited from whatever address it comes', async () => {
  const handler = route({ access: 'read', rate: rule }, () => Response.json({}));
  const statuses = [];
  for (const address of ['10.0.0.1', '10.0.0.2', '10.0.0.3']) {
    statuses.push((await call(handler, '/', from(address))).status);
  }
  expect(statuses).toEqual([200, 200, 429]);
});

test('a route that names no rule has a limit too', async () => {
  const routes = await loadRoutes();
  const health = routes.find(({ name }) => name === 'GET /healthz');
  if (health === undefined) {
    throw new Error('GET /healthz is gone');
  }
  let refused = 0;
  // A bucket fills with time: it stands still, however slow the machine is.
  const clock = jest.spyOn(Date, 'now').mockReturnValue(Date.now());
  for (let i = 0; i < 2_100; i += 1) {
    refused += (await call(health.handler, '/healthz', from('10.0.0.9'))).status === 429 ? 1 : 0;
  }
  clock.mockRestore();
  expect(refused).toBe(100);
});
