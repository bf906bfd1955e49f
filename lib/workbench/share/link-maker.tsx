'use client';

import { ChevronRight, ClipboardCopy, Copy, ExternalLink, FileDown, Link2 } from 'lucide-react';
import { useRef, useState } from 'react';
import { notify } from '../ui/notify';
import { api, exportUrl } from '../client/api';
import { copyText } from '../chat/copy-text';
import { Button } from '../ui/button';
import { DEFAULT_OPTIONS, LinkOptionsForm, type LinkOptions } from './link-options';
import { refreshLinks } from './use-links';

type Made = { url: string; embed: string | null };

const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])$/;

/**
 * One click makes a link and copies it; the options before it are for who wants them. Besides: Markdown and the PDF
 * report.
 */
export function LinkMaker({ conversationId, leafId }: { conversationId: string; leafId: string | null }) {
  const [options, setOptions] = useState(DEFAULT_OPTIONS);
  const [made, setMade] = useState<Made | null>(null);
  const [busy, setBusy] = useState(false);
  const change = (next: Partial<LinkOptions>) => {
    setOptions((current) => ({ ...current, ...next }));
    // What was made has the earlier options.
    setMade(null);
  };
  const make = async () => {
    setBusy(true);
    try {
      const { expiry, password, ...flags } = options;
      const { path } = await api.createShare({
        conversationId,
        ...(leafId === null ? {} : { leafId }),
        ...flags,
        expiresInDays: expiry === 'never' ? null : Number(expiry),
        password: password === '' ? null : password,
      });
      const url = new URL(path, window.location.origin).href;
      const embed = `<iframe src="${url}/embed" title="LookTwice" width="720" height="640" loading="lazy"></iframe>`;
      setMade({ url, embed: options.allowEmbed ? embed : null });
      await copyText(url);
      await refreshLinks();
    } catch (error) {
      notify.error(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <section aria-label="New link" className="space-y-3">
      {made === null ? (
        <Button variant="primary" disabled={busy} onClick={() => void make()} autoFocus className="w-full">
          <Link2 aria-hidden />
          Create link and copy it
        </Button>
      ) : (
        <MadeLink made={made} />
      )}
      <details className="group rounded-md border border-line">
        <summary className="flex cursor-pointer items-center gap-1.5 px-2.5 py-1.5 text-xs select-none">
          <ChevronRight className="size-3.5 text-muted transition-transform group-open:rotate-90" aria-hidden />
          <span className="flex-1">Options</span>
          <span className="text-2xs text-muted">{summaryOf(options)}</span>
        </summary>
        <div className="border-t border-line p-2.5">
          <LinkOptionsForm options={options} onChange={change} />
        </div>
      </details>
      <div className="flex flex-wrap gap-2">
        <Button variant="secondary" size="sm" onClick={() => void copyMarkdown(conversationId, leafId)}>
          <ClipboardCopy aria-hidden />
          Copy as Markdown
        </Button>
        <a
          href={exportUrl(conversationId, 'pdf', leafId ?? undefined)}
          download
          className="inline-flex h-6 items-center gap-1.5 rounded-md border border-line-strong bg-raised px-2 text-xs font-medium text-fg hover:bg-hover"
        >
          <FileDown className="size-3.5" aria-hidden />
          PDF report
        </a>
      </div>
    </section>
  );
}

/** The options in a few words. */
function summaryOf(options: LinkOptions): string {
  const { live, includeNames, includeMetadata, allowEmbed, membersOnly, expiry, password } = options;
  return [
    live ? 'live' : 'snapshot',
    includeNames ? 'with names' : 'no names',
    ...(includeMetadata ? ['original files'] : []),
    ...(allowEmbed ? ['embedding'] : []),
    ...(membersOnly ? ['colleagues only'] : []),
    ...(password ? ['password'] : []),
    expiry === 'never' ? 'no end' : expiry === '1' ? '1 day' : `${expiry} days`,
  ].join(', ');
}

function MadeLink({ made: { url, embed } }: { made: Made }) {
  const fieldRef = useRef<HTMLInputElement | null>(null);
  return (
    <div className="space-y-2">
      <div className="flex items-center gap-1.5">
        <input
          ref={fieldRef}
          readOnly
          autoFocus
          aria-label="The link"
          data-share-link
          value={url}
          onFocus={(event) => event.target.select()}
          className="h-8 min-w-0 flex-1 rounded-md border border-line-strong bg-input px-2 font-mono text-xs"
        />
        <Button size="touch" aria-label="Copy the link" title="Copy the link" onClick={() => void copyText(url)}>
          <Copy />
        </Button>
        <a
          href={url}
          target="_blank"
          rel="noopener"
          aria-label="Open the link"
          title="Open the link"
          className="grid size-9 place-items-center rounded-md hover:bg-hover"
        >
          <ExternalLink className="size-5" aria-hidden />
        </a>
      </div>
      <p className="text-2xs text-muted">
        Keep it now: LookTwice stores no copy of the address. A lost link can be revoked below and made again.
      </p>
      {LOOPBACK.test(window.location.hostname) ? (
        <p className="rounded-md bg-mid-soft px-2.5 py-1.5 text-xs text-mid">
          This LookTwice answers on this machine only, so the link opens here only. To send it to others, use the PDF
          report, or run LookTwice for a team.
        </p>
      ) : null}
      {embed ? (
        <div className="flex items-center gap-1.5">
          <code className="min-w-0 flex-1 truncate rounded-md border border-line bg-app px-2 py-1 text-2xs">
            {embed}
          </code>
          <Button size="sm" variant="secondary" onClick={() => void copyText(embed)}>
            Copy
          </Button>
        </div>
      ) : null}
    </div>
  );
}

/** The words of the conversation, without its pictures, for a mail or a ticket. */
async function copyMarkdown(conversationId: string, leafId: string | null): Promise<void> {
  try {
    await copyText(await api.markdown(conversationId, leafId ?? undefined));
  } catch (error) {
    notify.error(error instanceof Error ? error.message : String(error));
  }
}
