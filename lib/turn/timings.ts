import type { InspectionState } from '@/lib/anomaly/state';
import type { TimingsPart } from '@/lib/contract';

type Times = { prefillMs: number | undefined; firstTokenMs: number | undefined; totalMs: number; tokens: number };

/** How long an answer took, as it is reported; times in ms. */
export function timingsOf(
  state: Pick<InspectionState, 'timings'> | undefined,
  { prefillMs, firstTokenMs, totalMs, tokens }: Times,
  usage: { promptTokens: number; cachedTokens: number },
): TimingsPart {
  const writingMs = totalMs - (firstTokenMs ?? 0);
  return {
    ...(state === undefined ? {} : { encodeMs: state.timings.encodeMs, expertMs: state.timings.expertMs }),
    ...(prefillMs === undefined ? {} : { prefillMs }),
    ...(firstTokenMs === undefined ? {} : { firstTokenMs }),
    totalMs,
    tokens,
    ...(writingMs > 0 ? { tokensPerSecond: (tokens / writingMs) * 1000 } : {}),
    ...usage,
  };
}
