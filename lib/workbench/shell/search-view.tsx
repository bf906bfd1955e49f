'use client';

import { Search } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import { limits } from '@/lib/assistant/contract/limits';
import { useConversations } from '../client/use-server';
import { useStore } from '../state/create-store';
import { layoutStore } from '../state/layout';
import { Empty } from '../ui/empty';
import { ConversationRow } from './conversation-row';
import { SideHeader } from './side-header';

/** Full-text search over the conversations. */
export function SearchView() {
  const [text, setText] = useState('');
  const query = useDeferredValue(text.trim());
  return (
    <>
      <SideHeader title="Search" />
      <div className="px-3 pb-2">
        <input
          type="search"
          aria-label="Search in conversations"
          placeholder="Search in conversations"
          value={text}
          maxLength={limits.queryLength}
          onChange={(event) => setText(event.target.value)}
          className="h-7.5 w-full rounded-md border border-line-strong bg-input px-2 placeholder:text-muted"
        />
      </div>
      {query ? (
        <Hits query={query} />
      ) : (
        <Empty icon={Search} title="Search every word">
          Questions, answers and titles of all conversations are searched.
        </Empty>
      )}
    </>
  );
}

function Hits({ query }: { query: string }) {
  const { conversations, error, loading } = useConversations(query);
  const openId = useStore(layoutStore, ({ conversationId }) => conversationId);
  return (
    <div className="min-h-0 flex-1 overflow-y-auto px-2 pb-2">
      <p role="status" className="px-2 pb-1 text-2xs text-muted">
        {error ??
          (loading
            ? 'Searching…'
            : `${conversations.length} conversation${conversations.length === 1 ? '' : 's'} with “${query}”`)}
      </p>
      <ul>
        {conversations.map((conversation) => (
          <li key={conversation.id}>
            <ConversationRow conversation={conversation} open={conversation.id === openId} />
          </li>
        ))}
      </ul>
    </div>
  );
}
