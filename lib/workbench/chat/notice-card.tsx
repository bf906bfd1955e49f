import { CircleHelp, ImagePlus, Scale } from 'lucide-react';
import { useRef } from 'react';
import type { NoticePart } from '@/lib/contract';
import { Button } from '../ui/button';
import { Notice } from '../ui/notice';
import { addFiles, draftOf, draftStore, setDraftText } from './drafts';

/**
 * What the product itself says beside an answer: that it cannot vouch for it, or that model and expert disagree; and
 * the way out, a good part to compare with.
 */
export function NoticeCard({ notice, conversationId }: { notice: NoticePart; conversationId: string }) {
  const files = useRef<HTMLInputElement | null>(null);
  const attach = (chosen: readonly File[]) => {
    addFiles(conversationId, chosen, 'reference');
    if (draftOf(draftStore.get(), conversationId).text.trim() === '') {
      setDraftText(conversationId, '/compare');
    }
    document.querySelector<HTMLTextAreaElement>('[data-composer]')?.focus();
  };
  return (
    <Notice icon={notice.kind === 'disagreement' ? Scale : CircleHelp} text={notice.text}>
      {notice.action === 'attach-reference' ? (
        <>
          <input
            ref={files}
            type="file"
            multiple
            accept="image/*"
            className="hidden"
            aria-label="Good parts to compare with"
            onChange={({ currentTarget }) => {
              attach([...(currentTarget.files ?? [])]);
              currentTarget.value = '';
            }}
          />
          <Button size="sm" variant="secondary" onClick={() => files.current?.click()}>
            <ImagePlus />
            Attach a good part
          </Button>
        </>
      ) : null}
    </Notice>
  );
}
