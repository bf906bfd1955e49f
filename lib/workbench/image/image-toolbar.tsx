import {
  Columns2,
  Flame,
  Maximize,
  PanelRight,
  ScanSearch,
  SquareDashed,
  VenetianMask,
  ZoomIn,
  ZoomOut,
} from 'lucide-react';
import type { ReactNode } from 'react';
import { CommandButton } from '../commands/command-button';
import type { ViewerSettings } from '../state/viewer';
import { cn } from '../ui/cn';

/** Left out of an editor narrower than a phone (half a split): wheel, pinch and keys zoom as well. */
const ROOMY = '@max-[22.5rem]:hidden';

/** The tools above the picture. Each is a command of the registry, so its tooltip shows the keybinding that works. */
export function ImageToolbar({
  viewer,
  comparing,
  scale,
  children,
}: {
  viewer: ViewerSettings;
  comparing: boolean;
  scale: number;
  children?: ReactNode;
}) {
  return (
    <div
      role="toolbar"
      aria-label="Image tools"
      className="flex h-9 shrink-0 items-center gap-0.5 overflow-x-auto border-b border-line px-2"
    >
      <CommandButton command="image.zoomOut" icon={<ZoomOut />} className={ROOMY} />
      <output aria-label="Zoom" className="w-12 shrink-0 text-center text-xs whitespace-nowrap text-muted tabular-nums">
        {Math.round(scale * 100)} %
      </output>
      <CommandButton command="image.zoomIn" icon={<ZoomIn />} className={ROOMY} />
      <CommandButton command="image.fit" icon={<Maximize />} />
      <CommandButton
        command="image.actualSize"
        icon={<span aria-hidden className="text-xs font-semibold before:content-['1:1']" />}
      />
      <span className={cn('mx-1 h-4 w-px bg-line', ROOMY)} />
      <CommandButton command="image.toggleMask" icon={<VenetianMask />} pressed={viewer.mask} />
      <CommandButton command="image.toggleHeatmap" icon={<Flame />} pressed={viewer.heatmap} />
      <CommandButton command="image.toggleRegions" icon={<SquareDashed />} pressed={viewer.regions} />
      <CommandButton command="image.compare" icon={<Columns2 />} pressed={comparing} />
      <span className={cn('mx-1 h-4 w-px bg-line', ROOMY)} />
      <CommandButton command="image.inspect" icon={<ScanSearch />} />
      <span className="flex-1" />
      {children}
      <CommandButton command="image.toggleSidePane" icon={<PanelRight />} pressed={viewer.sidePane} />
    </div>
  );
}
