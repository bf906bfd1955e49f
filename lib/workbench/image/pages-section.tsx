import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { api } from '../client/api';
import { openImage } from '../state/editors';
import { rememberImage } from '../state/images';
import { Button } from '../ui/button';
import { notify } from '../ui/notify';
import { PageField } from '../ui/page-field';
import { Section } from './section';

/** The pages of a TIFF stack: the one that is named opens as a picture of its own. */
export function PagesSection({ imageId, pages }: { imageId: string; pages: number }) {
  const [page, setPage] = useState(1);
  const [busy, setBusy] = useState(false);
  const open = async (wanted: number) => {
    setPage(wanted);
    setBusy(true);
    try {
      const info = await api.imagePage(imageId, wanted);
      rememberImage(info);
      openImage({ imageId: info.id, name: info.name });
    } catch (error) {
      notify.error(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Section title="Pages">
      <p className="text-muted">
        The file is a stack; this is its first page. Another one opens as a picture of its own.
      </p>
      <div className="flex items-center gap-1">
        <Button size="icon" aria-label="Page before" disabled={busy || page <= 1} onClick={() => void open(page - 1)}>
          <ChevronLeft />
        </Button>
        <PageField page={page} pages={pages} onChoose={(wanted) => void open(wanted)} />
        <Button size="icon" aria-label="Next page" disabled={busy || page >= pages} onClick={() => void open(page + 1)}>
          <ChevronRight />
        </Button>
      </div>
    </Section>
  );
}
