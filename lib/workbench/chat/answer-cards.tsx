import type { ReactNode } from 'react';
import type { ChatDataParts, ChatPart } from '@/lib/contract';
import { DatasetCard } from '../datasets/chat/dataset-card';
import { ChecklistCard } from './checklist-card';
import { FindingsCard } from './findings-card';
import type { ChatSession } from './session';
import { Sources } from './sources';

type Context = { session: ChatSession; messageId: string };
type Card<Data> = (data: Data, context: Context) => ReactNode;

/**
 * What the chat draws of every data part. A card stands below the words, in the order of the parts; `placed`:
 * `AnswerMessage` has a place of its own for it, or another surface shows it. A part that lacks an entry does not
 * compile.
 */
const CARDS: { readonly [Name in keyof ChatDataParts]: Card<ChatDataParts[Name]> | 'placed' } = {
  findings: ({ imageId, items }) => <FindingsCard imageId={imageId} items={items} />,
  dataset: (part) => <DatasetCard part={part} />,
  checklist: (checklist, { session, messageId }) => (
    <ChecklistCard session={session} messageId={messageId} checklist={checklist} />
  ),
  sources: (sources) => <Sources sources={sources} />,
  // Above the words.
  sheet: 'placed',
  image: 'placed',
  inspection: 'placed',
  mask: 'placed',
  notice: 'placed',
  // Below the cards.
  engine: 'placed',
  timings: 'placed',
  // Below the whole conversation.
  followups: 'placed',
  // While the answer is written.
  status: 'placed',
  glance: 'placed',
};

const cards = new Map<string, Card<never> | 'placed'>(
  Object.entries(CARDS).map(([name, card]) => [`data-${name}`, card]),
);

/** The card of a part; null where the part is not drawn as one. */
export function cardOf(part: ChatPart, context: Context): ReactNode {
  const card = cards.get(part.type);
  return typeof card === 'function' && 'data' in part ? card(part.data as never, context) : null;
}
