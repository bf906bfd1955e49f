import {
  errorCodeSchema,
  withJudgement,
  type InspectionPart,
  type StoredMessage,
  type StoredPart,
} from '@/lib/contract';
import type { MessageRow } from '@/lib/database/messages';

/** The parts with the ticks that were set since they were written. */
function withTicks(parts: StoredPart[], ticks: MessageRow['ticks']): StoredPart[] {
  const done = new Map(ticks.map((tick) => [tick.itemId, tick.done]));
  return parts.map((part) =>
    part.type === 'data-checklist'
      ? {
          ...part,
          data: {
            ...part.data,
            items: part.data.items.map((item) => ({ ...item, done: done.get(item.id) ?? item.done })),
          },
        }
      : part,
  );
}

/** Inspections stored before there were verdicts get the plain one. */
function withVerdicts(parts: StoredPart[]): StoredPart[] {
  return parts.map((part) =>
    part.type === 'data-inspection' ? { ...part, data: withJudgement(part.data) as InspectionPart } : part,
  );
}

/** A row as the message that clients get. Its parts were checked when they were written. */
export function toStoredMessage(row: MessageRow): StoredMessage {
  const error = errorCodeSchema.safeParse(row.errorCode);
  return {
    id: row.id,
    role: row.role,
    parts: withTicks(withVerdicts(row.parts as unknown as StoredPart[]), row.ticks),
    metadata: {
      parentId: row.parentId,
      createdAt: row.createdAt.toISOString(),
      state: row.state,
      ...(row.bundle !== null && { bundle: row.bundle }),
      ...(error.success && { error: { code: error.data, message: row.errorMessage ?? '' } }),
    },
  };
}

/** All text of a message, for search and titles. */
export function textOf(parts: readonly StoredPart[]): string {
  return parts
    .flatMap((part) => (part.type === 'text' ? [part.text] : []))
    .join('\n')
    .trim();
}
