import { timingsOf } from '@/lib/turn/timings';

const usage = { promptTokens: 20, cachedTokens: 0 };

it('tells the time of an answer as it was measured, whether its tokens were counted or not', () => {
  const times = { prefillMs: undefined, firstTokenMs: 400, totalMs: 1400 };
  expect(timingsOf(undefined, { ...times, tokens: 0 }, usage)).toMatchObject({ firstTokenMs: 400, totalMs: 1400 });
  expect(timingsOf(undefined, { ...times, tokens: 50 }, usage)).toMatchObject({ totalMs: 1400, tokensPerSecond: 50 });
});
