export { type LanguageBench, benchLanguage } from './bench';
export { Decoding } from './decoding';
export { type FinishReason, Generation, type GenerationSettings, type GenerationStep } from './generation';
export type { Continuation, LanguageEngine, Speech } from './language-engine';
export { LanguageModel } from './model';
export { openLanguage } from './open-language';
export {
  type EmbeddingRun,
  type PositionSource,
  type PromptMessage,
  type PromptPart,
  encodeAnswerStart,
  encodeMessage,
  encodeParts,
} from './prompt';
export { createLanguageModel } from './provider';
export { GREEDY, Sampler, type SamplingSettings } from './sampling';
export { type TextEvent, generateText, promptBudget } from './text-generation';
export { Tokenizer } from './tokenizer';
export { type TrimmedPrompt, trimToBudget } from './trim';
