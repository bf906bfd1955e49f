import type { LoadedShare } from '@/lib/sharing/load-share';
import { toSharedMessage } from '@/lib/sharing/shared-view';
import { PageFrame } from './page-frame';
import { SharedConversation } from './shared-conversation';

/** The page of a link that is open, whole or for a frame of another site (which never gets original files). */
export function SharedPage({
  token,
  share,
  conversation,
  nonce,
  embedded = false,
}: {
  token: string;
  share: LoadedShare['share'];
  conversation: NonNullable<LoadedShare['conversation']>;
  nonce: string | undefined;
  embedded?: boolean;
}) {
  return (
    <PageFrame nonce={nonce}>
      <SharedConversation
        token={token}
        title={conversation.title}
        date={share.createdAt}
        live={share.live}
        bundles={conversation.bundles}
        messages={conversation.messages.map((message) => toSharedMessage(message, conversation.images))}
        originals={share.includeMetadata && !embedded}
        embedded={embedded}
      />
    </PageFrame>
  );
}
