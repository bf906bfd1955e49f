export { type LanguageBench, benchLanguage } from './bench';
export { Decoding } from './decoding';
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
} from './prompt';
export { createLanguageModel } from './provider';
export { GREEDY, type SamplingSettings } from './sampling';
export { generateText, promptBudget } from './text-generation';
export { Tokenizer } from './tokenizer';
export { trimToBudget } from './trim';
