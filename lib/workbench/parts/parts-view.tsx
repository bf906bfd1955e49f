'use client';

import { Package, Plus } from 'lucide-react';
import type { PartInfo } from '@/lib/parts/contract';
import { imageUrl } from '../client/api';
import { SideHeader } from '../shell/side-header';
import { useStore } from '../state/create-store';
import { activeTab } from '../state/editors';
import { layoutStore } from '../state/layout';
import { Button } from '../ui/button';
import { cn } from '../ui/cn';
import { Empty } from '../ui/empty';
import { Tooltip } from '../ui/tooltip';
import { openPart, teach } from './open-part';
import { useParts } from './use-parts';

/** The side bar's gallery of parts. */
export function PartsView() {
  const { parts, error, loading } = useParts();
  const openId = useStore(layoutStore, (layout) => {
    const tab = activeTab(layout);
    return tab?.kind === 'part' ? tab.partId : null;
  });
  const create = () => teach({ imageIds: [], name: '', onTaught: openPart });
  return (
    <>
      <SideHeader title="Parts">
        <Tooltip label="New part">
          <Button size="icon" aria-label="New part" onClick={create}>
            <Plus />
          </Button>
        </Tooltip>
      </SideHeader>
      <div className="min-h-0 flex-1 overflow-y-auto px-2 pb-2">
        {error ? (
          <p role="alert" className="p-2 text-xs text-high">
            {error}
          </p>
        ) : null}
        <ul aria-label="Parts" className="grid grid-cols-[repeat(auto-fill,minmax(7.5rem,1fr))] gap-2">
          {parts.map((part) => (
            <li key={part.id}>
              <PartTile part={part} open={part.id === openId} />
            </li>
          ))}
        </ul>
        {parts.length === 0 && !loading && !error ? (
          <Empty icon={Package} title="No parts yet">
            Teach a part with one good picture of it: click “This is a good one” below an answer, or make one here and
            add pictures. The next picture of it is recognised and compared.
            <Button variant="primary" className="mt-3" onClick={create}>
              New part
            </Button>
          </Empty>
        ) : null}
      </div>
    </>
  );
}

function PartTile({ part, open }: { part: PartInfo; open: boolean }) {
  const { name, imageId, golden, defects, bank } = part;
  return (
    <button
      type="button"
      data-part-tile={part.id}
      aria-current={open || undefined}
      onClick={() => openPart(part)}
      className={cn(
        'block w-full overflow-hidden rounded-lg border border-line text-left hover:border-line-strong hover:bg-hover',
        open && 'border-accent bg-active',
      )}
    >
      <span className="grid aspect-[4/3] place-items-center overflow-hidden bg-editor">
        {imageId === null ? (
          <Package className="size-7 text-muted opacity-60" strokeWidth={1.5} aria-hidden />
        ) : (
          // eslint-disable-next-line @next/next/no-img-element -- a stored variant of a private image
          <img src={imageUrl(imageId, 320)} alt="" loading="lazy" className="aspect-[4/3] w-full object-cover" />
        )}
      </span>
      <span className="block px-2 py-1.5">
        <span className="block truncate font-medium text-fg">{name}</span>
        <span className="block truncate text-2xs text-muted tabular-nums">
          {bank === 'building' ? 'reading samples…' : `${golden} good${defects > 0 ? ` · ${defects} defects` : ''}`}
        </span>
      </span>
    </button>
  );
}
