'use client';

import { Download, Maximize2, VenetianMask } from 'lucide-react';
import { useId, useRef, useState } from 'react';
import type { SharedPicture } from '@/lib/sharing/shared-view';
import { Button } from '../ui/button';
import { ScoreBadge } from '../ui/score-badge';
import { sharedImageUrl } from './image-url';
import { MaskOverlay } from './mask-overlay';
import { ZoomDialog } from './zoom-dialog';

/**
 * An image of a shared answer with its mask: drawn by the server already, so that it is there before any script runs.
 */
export function PictureFigure({
  token,
  picture,
  originals,
}: {
  token: string;
  picture: SharedPicture;
  /** Whether the files as they were uploaded may be fetched. */
  originals: boolean;
}) {
  const [mask, setMask] = useState(true);
  const dialogRef = useRef<HTMLDialogElement | null>(null);
  const [zoomed, setZoomed] = useState(false);
  const descriptionId = useId();
  const { imageId, name, width, height, inspection, outline } = picture;
  const zoom = () => {
    setZoomed(true);
    dialogRef.current?.showModal();
  };
  return (
    <figure
      aria-describedby={descriptionId}
      className="my-3 overflow-hidden rounded-lg border border-line bg-app"
      data-shared-picture={imageId}
    >
      <button
        type="button"
        onClick={zoom}
        className="relative mx-auto block max-w-full cursor-zoom-in! overflow-hidden"
        style={{ aspectRatio: `${width} / ${height}`, width: `min(100%, calc(26rem * ${width / height}))` }}
      >
        {/* eslint-disable-next-line @next/next/no-img-element -- a stored variant that the link's token opens */}
        <img
          src={sharedImageUrl(token, imageId, '?w=1280')}
          srcSet={[640, 1280, 2560].map((w) => `${sharedImageUrl(token, imageId, `?w=${w}`)} ${w}w`).join(', ')}
          sizes="(max-width: 48rem) 100vw, 46rem"
          width={width}
          height={height}
          alt=""
          className="size-full object-fill"
          draggable={false}
        />
        <MaskOverlay picture={picture} shown={mask} />
        {/* Text, not a label: the numbers drawn on the regions are visible text that a label would contradict. */}
        <span className="sr-only">{`Zoom into ${name}`}</span>
      </button>
      <p id={descriptionId} className="sr-only">
        {picture.description}
      </p>
      <figcaption className="flex flex-wrap items-center gap-1.5 border-t border-line px-2.5 py-1.5">
        <span className="min-w-0 flex-1 truncate text-xs" title={name}>
          {name} <span className="text-muted tabular-nums max-sm:hidden">{`${width} × ${height} px`}</span>
        </span>
        {inspection ? <ScoreBadge inspection={inspection} /> : null}
        <Button
          size="icon"
          aria-label="Mask"
          title={mask ? 'Hide the mask' : 'Show the mask'}
          aria-pressed={mask}
          disabled={outline === null}
          onClick={() => setMask(!mask)}
        >
          <VenetianMask />
        </Button>
        <Button size="icon" aria-label="Zoom" title="Zoom in" onClick={zoom}>
          <Maximize2 />
        </Button>
        <a
          href={sharedImageUrl(token, imageId, originals ? '?original=1' : '')}
          download
          aria-label={originals ? 'Download the original file' : 'Download the image'}
          title={originals ? 'Download the original file' : 'Download the image (PNG, without metadata)'}
          className="inline-flex size-6.5 items-center justify-center rounded-md text-fg hover:bg-hover"
        >
          <Download className="size-4" aria-hidden />
        </a>
      </figcaption>
      <dialog
        ref={dialogRef}
        aria-label={`${name}, enlarged`}
        onClose={() => setZoomed(false)}
        className="m-0 h-dvh max-h-none w-dvw max-w-none bg-editor text-fg"
      >
        {zoomed ? (
          <ZoomDialog
            picture={picture}
            source={sharedImageUrl(token, imageId, Math.max(width, height) > 2560 ? '?w=2560' : '')}
            mask={mask}
            onMask={setMask}
            onClose={() => dialogRef.current?.close()}
          />
        ) : null}
      </dialog>
    </figure>
  );
}
