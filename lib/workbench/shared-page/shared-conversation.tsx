import { FileDown } from 'lucide-react';
import type { SharedMessage } from '@/lib/sharing/shared-view';
import { ForkButton } from './fork-button';
import { SharedMessageView } from './shared-message';

/** A shared conversation: title, when and by which model, the messages, and what a reader can do with it. */
export function SharedConversation({
  token,
  title,
  date,
  live,
  bundles,
  messages,
  originals,
  embedded,
}: {
  token: string;
  title: string;
  /** When the snapshot was taken. */
  date: Date;
  live: boolean;
  bundles: readonly string[];
  messages: readonly SharedMessage[];
  originals: boolean;
  /** In a frame of another site there are no actions but a way to the page itself. */
  embedded: boolean;
}) {
  const day = date.toISOString().slice(0, 10);
  return (
    <>
      <header className="border-b border-line pt-6 pb-3">
        <h1 dir="auto" className="text-lg font-semibold wrap-anywhere text-strong">
          {title}
        </h1>
        <p className="mt-1 text-xs text-muted">
          {live ? 'Live: shows the conversation as it is now' : `As it was on ${day}`}
          {bundles.length > 0 ? ` · model ${bundles.join(', ')}` : ''}
        </p>
      </header>
      <main className="pb-6">
        {messages.map((message) => (
          <SharedMessageView key={message.id} message={message} token={token} originals={originals} />
        ))}
      </main>
      <div className="mb-4 flex flex-wrap items-center gap-2">
        {embedded ? (
          <a
            href={`/s/${encodeURIComponent(token)}`}
            target="_blank"
            rel="noopener"
            className="text-xs text-link hover:underline"
          >
            Open in LookTwice
          </a>
        ) : (
          <>
            <ForkButton token={token} />
            <a
              href={`/api/shared/${encodeURIComponent(token)}/report`}
              download
              className="inline-flex h-7.5 items-center gap-1.5 rounded-md border border-line-strong bg-raised px-3 text-ui font-medium text-fg hover:bg-hover"
            >
              <FileDown className="size-4" aria-hidden />
              PDF report
            </a>
          </>
        )}
      </div>
    </>
  );
}
