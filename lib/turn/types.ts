import type {
  ChecklistPart,
  EnginePart,
  Finding,
  Followup,
  MaskPart,
  NoticePart,
  Source,
  StatusPart,
  TimingsPart,
} from '@/lib/contract';
import type { Inspection, TurnImage } from './perception';

export type { TurnImage } from './perception';

export type TurnMessage =
  | {
      role: 'user';
      /** The question, commands expanded. */
      text: string;
      /** Images that this question is about and that no earlier message of the branch brought. */
      images: TurnImage[];
      /** Normal images to compare `images` with. */
      references: TurnImage[];
    }
  | {
      role: 'assistant';
      /** What the reader saw. */
      text: string;
      /**
       * `TurnResult.context` of that turn, as it was given; null when there is none (an answer of an earlier version).
       */
      context: TurnContextData | null;
    };

/**
 * What a later turn needs to rebuild this answer's part of the prompt exactly (prefix reuse): plain JSON, stored as it
 * is.
 */
export type TurnContextData = { transcript: string; [key: string]: unknown };

export type TurnSettings = {
  temperature?: number | undefined;
  topP?: number | undefined;
  repetitionPenalty?: number | undefined;
  maxTokens?: number | undefined;
  seed?: number | undefined;
  /** Texts that end the answer; the one that ended it is still told. */
  stop?: readonly string[] | undefined;
};

/** One turn: the branch from its root to the question that is to be answered. */
export type TurnRequest = {
  messages: TurnMessage[];
  /** An image of an earlier message that the question names; null when it names none. */
  focus: string | null;
  settings: TurnSettings;
  /** Questions that the asker has under way, this one included: who has many lets others go first. */
  underWay?: number | undefined;
};

/** An inspection whose regions say where they are (docs/design/model.md, Places). */
export type PlacedInspection = Omit<Inspection, 'regions'> & {
  regions: (Inspection['regions'][number] & { place: string })[];
};

/** What a turn reports, in the order in which it is shown. */
export type TurnEvent =
  | ({ type: 'status' } & Omit<StatusPart, 'position'>)
  | { type: 'glance'; imageId: string; heatmap: Uint8Array }
  | { type: 'inspection'; imageId: string; referenceIds: string[]; inspection: PlacedInspection }
  | ({ type: 'notice' } & NoticePart)
  | { type: 'text'; delta: string }
  | ({ type: 'mask' } & Omit<MaskPart, 'maskId' | 'source'>)
  | { type: 'findings'; imageId: string; items: Finding[] }
  | { type: 'sources'; sources: Source[] }
  | ({ type: 'checklist' } & ChecklistPart)
  | { type: 'followups'; followups: Followup[] }
  | { type: 'timings'; timings: TimingsPart }
  | ({ type: 'engine' } & EnginePart);

export type TurnResult = {
  context: TurnContextData;
  finishReason: 'stop' | 'length';
  /** e.g. `looktwice-mini@0.1.0` */
  bundle: string;
};
