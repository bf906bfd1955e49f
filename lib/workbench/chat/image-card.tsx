'use client';

import { Download, Ellipsis, Flame, Maximize2, VenetianMask } from 'lucide-react';
import { Suspense, useMemo, type ReactNode } from 'react';
import type { MaskPart } from '@/lib/contract';
import { maskUrl } from '../client/api';
import { describeMask } from '@/lib/segmentation/mask-words';
import { useStore } from '../state/create-store';
import { openImage } from '../state/editors';
import { imageStore, listProblems, type KnownImage } from '../state/images';
import { changeViewer, viewerStore } from '../state/viewer';
import { Button } from '../ui/button';
import { Menu } from '../ui/menu';
import { ScoreBadge } from '../ui/score-badge';
import { Slider } from '../ui/slider';
import { Tooltip } from '../ui/tooltip';
import { MaskPicture } from './mask-picture';

/** Fetches a file of our own server through a link, so that the browser saves it under the server's name for it. */
function download(url: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = '';
  link.click();
}

/** An image in an answer: its mask drawn, its score, and ways to look closer or take the mask along. */
export function ImageCard({
  image: known,
  masks,
  busy,
  children,
}: {
  image: KnownImage;
  masks: readonly MaskPart[];
  busy: boolean;
  /** What it was compared with, and what can be said of that. */
  children?: ReactNode;
}) {
  const viewer = useStore(viewerStore, (settings) => settings);
  const stored = useStore(imageStore, (images) => images[known.imageId] ?? known);
  // This message's own mask, which a later message may have replaced in the store.
  const image = useMemo(
    () => ({ ...stored, inspection: known.inspection ?? stored.inspection, masks: [...masks] }),
    [stored, known.inspection, masks],
  );
  const problems = useMemo(() => listProblems({ [image.imageId]: image }), [image]);
  const open = () => openImage({ imageId: image.imageId, name: image.name });
  return (
    <figure
      data-image-card={image.imageId}
      aria-label={describeMask(image, problems)}
      className="@container my-2 overflow-hidden rounded-lg border border-line bg-app"
    >
      <button type="button" onClick={open} className="block w-full" aria-label={`Open ${image.name} in the editor`}>
        <MaskPicture image={image} viewer={viewer} busy={busy} />
      </button>
      <figcaption className="flex flex-wrap items-center gap-1 border-t border-line px-2 py-1.5 @max-sm:gap-x-0">
        <span className="mr-1 min-w-0 flex-1 truncate text-xs @max-sm:basis-full" title={image.name}>
          {image.name}
        </span>
        {image.inspection ? <ScoreBadge inspection={image.inspection} /> : null}
        <Tooltip label={viewer.mask ? 'Hide the mask' : 'Show the mask'}>
          <Button
            size="icon"
            aria-label="Mask"
            aria-pressed={viewer.mask}
            disabled={masks.length === 0}
            onClick={() => changeViewer({ mask: !viewer.mask })}
          >
            <VenetianMask />
          </Button>
        </Tooltip>
        <Tooltip label={viewer.heatmap ? 'Hide the anomaly map' : 'Show the anomaly map'}>
          <Button
            size="icon"
            aria-label="Anomaly map"
            aria-pressed={viewer.heatmap}
            disabled={!image.inspection}
            onClick={() => changeViewer({ heatmap: !viewer.heatmap })}
          >
            <Flame />
          </Button>
        </Tooltip>
        <Tooltip label="Open in the editor">
          <Button size="icon" aria-label="Open in the editor" onClick={open}>
            <Maximize2 />
          </Button>
        </Tooltip>
        <Menu
          entries={[
            ...masks.flatMap((mask, index) => {
              const which = masks.length > 1 ? ` ${index + 1}` : '';
              return [
                {
                  id: `png-${mask.maskId}`,
                  label: `Download mask${which} as PNG`,
                  icon: <Download />,
                  onSelect: () => download(maskUrl(mask.maskId, 'png')),
                },
                {
                  id: `coco-${mask.maskId}`,
                  label: `Download mask${which} as COCO RLE`,
                  icon: <Download />,
                  onSelect: () => download(maskUrl(mask.maskId, 'coco')),
                },
              ];
            }),
            {
              id: 'beside',
              label: 'Open beside',
              separator: masks.length > 0,
              onSelect: () => openImage({ imageId: image.imageId, name: image.name }, { beside: true }),
            },
          ]}
        >
          <Button size="icon" aria-label="More about this image">
            <Ellipsis />
          </Button>
        </Menu>
        {image.inspection?.notes?.map((note) => (
          <p key={note} className="w-full text-xs text-muted">
            {note}
          </p>
        ))}
        {children ? (
          <Suspense>
            <div className="w-full">{children}</div>
          </Suspense>
        ) : null}
        {masks.length > 0 && viewer.mask ? (
          <div className="w-full">
            <Slider label="Mask" value={viewer.maskOpacity} onChange={(maskOpacity) => changeViewer({ maskOpacity })} />
          </div>
        ) : null}
      </figcaption>
    </figure>
  );
}
