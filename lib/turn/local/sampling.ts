import { GREEDY, type SamplingSettings } from '@/lib/language';
import type { TurnSettings } from '../types';

/** Longer than anything an answer says twice for good reason (a measured size, a defect's name). */
const NO_REPEAT_NGRAM = 24;

/** How an answer's tokens are chosen: greedily, unless the settings say otherwise. */
export function samplingOf({ temperature, topP, repetitionPenalty, seed }: TurnSettings): SamplingSettings {
  return {
    ...GREEDY,
    noRepeatNgram: NO_REPEAT_NGRAM,
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { topP }),
    ...(repetitionPenalty === undefined ? {} : { repetitionPenalty }),
    ...(seed === undefined ? {} : { seed }),
  };
}
