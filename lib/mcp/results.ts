import { newId } from '@/lib/contract';
import type { TurnMessage } from '@/lib/turn/types';
import type { LRUCache } from 'lru-cache';
import { sizedCache } from '@/lib/common/sized-cache';
import type { Rle } from '@/lib/segmentation/rle';
import type { InspectionOut } from './contract';

/** What a tool found, for its resources: kept in memory, for a while, and only for who asked. */
export type Result = {
  id: string;
  userId: string;
  at: Date;
  masks: Rle[];
  inspection: InspectionOut | null;
  imageId: string | null;
};

/** A result that has a report. */
export type Inspected = Result & { inspection: InspectionOut };

/** A conversation of `ask_about_image`. */
export type Talk = { userId: string; messages: TurnMessage[]; focus: string | null };

const KEPT_RESULTS = 200;
/** Bytes of pictures that conversations hold. */
const TALK_BYTES = 256 * 2 ** 20;

type Holder = typeof globalThis & { looktwiceMcp?: { results: Map<string, Result>; talks: LRUCache<string, Talk> } };

function bytesOf({ messages }: Talk): number {
  const images = messages.flatMap((message) =>
    message.role === 'user' ? [...message.images, ...message.references] : [],
  );
  return images.reduce((sum, { source }) => sum + ('bytes' in source ? source.bytes.byteLength : 0), 10_000);
}

function kept(): { results: Map<string, Result>; talks: LRUCache<string, Talk> } {
  const holder = globalThis as Holder;
  holder.looktwiceMcp ??= { results: new Map(), talks: sizedCache<Talk>(TALK_BYTES, bytesOf) };
  return holder.looktwiceMcp;
}

export const maskUri = (id: string) => `looktwice://masks/${id}`;
export const reportUri = (id: string) => `looktwice://reports/${id}`;

/** Keeps a result; the oldest one goes when there are too many. */
export function keepResult(result: Omit<Result, 'id' | 'at'>, id = newId()): Result {
  const { results } = kept();
  const whole = { ...result, id, at: new Date() };
  results.set(id, whole);
  for (const oldest of [...results.keys()].slice(0, Math.max(0, results.size - KEPT_RESULTS))) {
    results.delete(oldest);
  }
  return whole;
}

/** A result of the same user. */
export function findResult(userId: string, id: string): Result | undefined {
  const found = kept().results.get(id);
  return found?.userId === userId ? found : undefined;
}

export const isInspected = (result: Result | undefined): result is Inspected => (result?.inspection ?? null) !== null;

/** Inspections of a user, the newest first. */
export function listInspections(userId: string): Inspected[] {
  return [...kept().results.values()]
    .filter(isInspected)
    .filter((result) => result.userId === userId)
    .reverse();
}

/** A conversation of the same user. */
export function findTalk(userId: string, id: string): Talk | undefined {
  const found = kept().talks.get(id);
  return found?.userId === userId ? found : undefined;
}

export function keepTalk(id: string, talk: Talk): void {
  kept().talks.set(id, talk);
}
