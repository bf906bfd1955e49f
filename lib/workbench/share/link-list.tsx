'use client';

import { CalendarClock, Code, Eye, LockKeyhole, Radio, Tag, Users } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { notify } from '../ui/notify';
import type { ShareInfo } from '@/lib/sharing/contract';
import { api } from '../client/api';
import { relativeTime } from '../shell/relative-time';
import { Button } from '../ui/button';
import { refreshLinks, useLinks } from './use-links';

function Fact({ icon, children }: { icon: ReactNode; children: ReactNode }) {
  return <span className="inline-flex items-center gap-1 [&_svg]:size-3">{children ? [icon, children] : icon}</span>;
}

function stateText({ state, expiresAt }: ShareInfo): string {
  if (state !== 'open') {
    return state;
  }
  return expiresAt === null ? 'no end' : `until ${expiresAt.slice(0, 10)}`;
}

/** One link: what it shows, how often it was opened, and a way to end it. */
function LinkRow({ link, titled }: { link: ShareInfo; titled: boolean }) {
  const [busy, setBusy] = useState(false);
  const revoke = async () => {
    setBusy(true);
    try {
      await api.revokeShare(link.id);
      await refreshLinks();
      notify.message('The link does not work any more');
    } catch (error) {
      notify.error(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  };
  const open = link.state === 'open';
  return (
    <li className="flex items-center gap-2 px-2.5 py-2" data-share={link.id} data-share-state={link.state}>
      <div className={`min-w-0 flex-1 ${open ? '' : 'text-muted line-through'}`}>
        <p className="truncate text-xs text-fg">
          {titled ? link.title : link.leafId === null ? 'Whole conversation' : 'Up to one answer'}
          <span className="text-muted">, made {relativeTime(link.createdAt)}</span>
        </p>
        <p className="mt-0.5 flex flex-wrap gap-x-3 gap-y-0.5 text-2xs text-muted">
          <Fact icon={<Eye key="icon" aria-hidden />}>
            {link.views === 1 ? '1 view' : `${link.views} views`}
            {link.lastViewedAt ? `, last ${relativeTime(link.lastViewedAt)}` : ''}
          </Fact>
          <Fact icon={<CalendarClock key="icon" aria-hidden />}>{stateText(link)}</Fact>
          {link.live ? <Fact icon={<Radio key="icon" aria-hidden />}>live</Fact> : null}
          {link.hasPassword ? <Fact icon={<LockKeyhole key="icon" aria-hidden />}>password</Fact> : null}
          {link.membersOnly ? <Fact icon={<Users key="icon" aria-hidden />}>signed-in colleagues</Fact> : null}
          {link.includeNames || link.includeMetadata ? (
            <Fact icon={<Tag key="icon" aria-hidden />}>{link.includeMetadata ? 'original files' : 'names'}</Fact>
          ) : null}
          {link.allowEmbed ? <Fact icon={<Code key="icon" aria-hidden />}>embedding</Fact> : null}
        </p>
      </div>
      {open ? (
        <Button size="sm" variant="danger" disabled={busy} onClick={() => void revoke()}>
          Revoke
        </Button>
      ) : null}
    </li>
  );
}

/** The user's links, or those of one conversation. */
export function LinkList({ conversationId }: { conversationId?: string }) {
  const { links, error, loading } = useLinks(conversationId);
  if (error) {
    return <p className="text-xs text-high">{error}</p>;
  }
  if (links.length === 0) {
    return loading || conversationId !== undefined ? null : (
      <p className="py-6 text-center text-xs text-muted">
        You have shared nothing yet. The share button of a conversation makes a link.
      </p>
    );
  }
  return (
    <section aria-label={conversationId === undefined ? 'All links' : 'Links to this conversation'}>
      {conversationId === undefined ? null : (
        <h3 className="mb-1.5 text-2xs font-semibold tracking-wide text-muted uppercase">Links to this conversation</h3>
      )}
      <ul className="divide-y divide-line rounded-md border border-line">
        {links.map((link) => (
          <LinkRow key={link.id} link={link} titled={conversationId === undefined} />
        ))}
      </ul>
    </section>
  );
}
