import { GET } from '@/app/metrics/route';
import { observe } from '@/lib/engine/telemetry';
import { route } from '@/lib/handler/route';
import { metrics } from '@/lib/metrics/registry';
import { useDataDirectory } from '../../support/data-directory';
import { call } from '../../support/request';
import { useTeamMode } from '../../support/team';

useDataDirectory();

/** Another route without a limit: 2,100 whole answers of `/metrics` would take a minute. */
const HEAD_LIKE = route({ access: 'public', rate: null }, () => Response.json({}));
const TOKEN = 'a token of a test, long enough';

/** The value of a line of the text format. */
async function valueOf(line: string): Promise<number | undefined> {
  const text = await metrics().metrics();
  const found = text.split('\n').find((each) => each.startsWith(`${line} `));
  return found === undefined ? undefined : Number(found.slice(line.length + 1));
}

test('what happens is counted', async () => {
  metrics();
  observe({ what: 'waited', queue: 'model', seconds: 0.2 });
  observe({ what: 'waited', queue: 'decoder', seconds: 20 });
  observe({ what: 'answered', firstTokenSeconds: 0.6, tokens: 40, tokensPerSecond: 90 });
  observe({ what: 'answered', tokens: 2 });
  observe({ what: 'inspected' });
  observe({ what: 'refused', code: 'queue_full' });
  observe({ what: 'responded', status: 404 });
  expect(await valueOf('looktwice_queue_wait_seconds_sum{queue="model"}')).toBe(0.2);
  expect(await valueOf('looktwice_queue_wait_seconds_bucket{le="10",queue="decoder"}')).toBe(0);
  expect(await valueOf('looktwice_answers_total')).toBe(2);
  expect(await valueOf('looktwice_tokens_total')).toBe(42);
  expect(await valueOf('looktwice_first_token_seconds_count')).toBe(1);
  expect(await valueOf('looktwice_tokens_per_second_sum')).toBe(90);
  expect(await valueOf('looktwice_inspections_total')).toBe(1);
  expect(await valueOf('looktwice_errors_total{code="queue_full"}')).toBe(1);
  expect(await valueOf('looktwice_http_responses_total{status="404"}')).toBe(1);
});

test('the state of queues, disk, memory and event loop is told', async () => {
  for (const queue of ['model', 'background', 'decoder']) {
    expect(await valueOf(`looktwice_queue_waiting{queue="${queue}"}`)).toBe(0);
  }
  expect(await valueOf('looktwice_disk_bytes{what="free"}')).toBeGreaterThan(0);
  expect(await valueOf('looktwice_disk_bytes{what="database"}')).toBeGreaterThan(0);
  expect(await valueOf('process_resident_memory_bytes')).toBeGreaterThan(0);
  expect(await valueOf('nodejs_eventloop_lag_p99_seconds')).toBeDefined();
});

test('without accounts this machine reads it, as often as it likes, and no page of another site that was made to point here', async () => {
  expect((await call(GET, '/metrics', { headers: { host: 'other.example' } })).status).toBe(403);
  const statuses = new Set<number>();
  for (let i = 0; i < 2_100; i += 1) {
    statuses.add((await call(HEAD_LIKE, '/metrics')).status);
  }
  expect([...statuses]).toEqual([200]);
  const answer = await call(GET, '/metrics');
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/plain')]);
  expect(await answer.text()).toContain('# TYPE looktwice_queue_wait_seconds histogram');
});

describe('with accounts', () => {
  useTeamMode();

  test('there is none without a token in the environment, and with one it is asked for', async () => {
    expect((await call(GET, '/metrics')).status).toBe(404);
    process.env.LOOKTWICE_METRICS_TOKEN = TOKEN;
    try {
      const withKey = (key: string) => call(GET, '/metrics', { headers: { authorization: `Bearer ${key}` } });
      expect((await call(GET, '/metrics')).status).toBe(401);
      expect((await withKey(`${TOKEN}x`)).status).toBe(401);
      expect((await withKey(TOKEN)).status).toBe(200);
    } finally {
      delete process.env.LOOKTWICE_METRICS_TOKEN;
    }
  });
});
