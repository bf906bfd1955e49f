'use client';

import { useStore } from '../state/create-store';
import { sharingStore, type Sharing } from '../state/sharing';
import { Dialog } from '../ui/dialog';
import { LinkMaker } from './link-maker';
import { LinkList } from './link-list';

/** Shares a conversation, or lists every link; over the workbench while `sharingStore` says so. */
export function ShareDialog() {
  const sharing = useStore(sharingStore, (value) => value);
  return <OpenDialog key={JSON.stringify(sharing)} sharing={sharing} />;
}

function OpenDialog({ sharing }: { sharing: Sharing }) {
  const close = (open: boolean) => {
    if (!open) {
      sharingStore.set(null);
    }
  };
  if (sharing === null) {
    return null;
  }
  if (sharing === 'links') {
    return (
      <Dialog
        open
        onOpenChange={close}
        title="Shared links"
        description="Who has one of these links can read the conversation."
      >
        <div className="overflow-y-auto p-4">
          <LinkList />
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog
      open
      onOpenChange={close}
      title="Share"
      description={sharing.leafId === null ? sharing.title : `${sharing.title}, up to this answer`}
    >
      <div className="space-y-4 overflow-y-auto p-4">
        <LinkMaker conversationId={sharing.conversationId} leafId={sharing.leafId} />
        <LinkList conversationId={sharing.conversationId} />
      </div>
    </Dialog>
  );
}
