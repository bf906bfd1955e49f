import { RateLimiter, limitRate } from '@/lib/http/rate-limit';

const rule = { burst: 3, perMinute: 6 };

test('lets a burst through, then one as often as the rule says, per key', () => {
  let now = 0;
  const limiter = new RateLimiter(() => now);
  expect([1, 2, 3, 4].map(() => limiter.take('a', rule))).toEqual([0, 0, 0, 10]);
  expect(limiter.take('b', rule)).toBe(0);
  now = 5_000;
  expect(limiter.take('a', rule)).toBe(5);
  now = 10_000;
  expect(limiter.take('a', rule)).toBe(0);
  expect(limiter.take('a', rule)).toBe(10);
  now = 10 * 60_000;
  expect([1, 2, 3, 4].map(() => limiter.take('a', rule) === 0)).toEqual([true, true, true, false]);
});

test('many addresses do not fill the memory, and one that is limited stays so', () => {
  let now = 0;
  const limiter = new RateLimiter(() => now);
  for (let i = 0; i < 30_000; i += 1) {
    now += 1;
    limiter.take(`address ${i}`, rule);
  }
  expect([1, 2, 3, 4].map(() => limiter.take('late', rule) === 0)).toEqual([true, true, true, false]);
});

test('one that used up its tries is not forgotten for others that come', () => {
  let now = 0;
  const limiter = new RateLimiter(() => now);
  [1, 2, 3].forEach(() => limiter.take('guesser', rule));
  for (let i = 0; i < 40_000; i += 1) {
    limiter.take(`other ${i}`, rule);
  }
  expect(limiter.take('guesser', rule)).toBeGreaterThan(0);
  now = 60 * 60_000;
  expect(limiter.take('guesser', rule)).toBe(0);
});

test('a flood of requests of one name leaves the counters of another alone', () => {
  const signIn = { name: 'test sign-in', burst: 1, perMinute: 0.001 };
  limitRate('ada', signIn);
  for (let i = 0; i < 25_000; i += 1) {
    limitRate(`address ${i}`, { name: 'test flood', burst: 5, perMinute: 0.001 });
  }
  expect(() => limitRate('ada', signIn)).toThrow('Too many requests');
});
