'use client';

import { Search } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import { useConversations } from '../client/use-server';
import { useStore } from '../state/create-store';
import { layoutStore } from '../state/layout';
import { Empty } from '../ui/empty';
import { SearchField } from '../ui/search-field';
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
        <SearchField label="Search in conversations" value={text} onChange={setText} />
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
