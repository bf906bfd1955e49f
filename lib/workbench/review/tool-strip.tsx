'use client';

import {
  Brush,
  CircleDot,
  Eraser,
  Hand,
  Lasso,
  Minus,
  PaintBucket,
  Plus,
  Redo2,
  Sparkles,
  Undo2,
  WandSparkles,
} from 'lucide-react';
import { CommandButton } from '../commands/command-button';
import type { MaskDocument } from '../mask-editor/mask-document';
import { toolStore } from '../mask-editor/tools';
import { useStore } from '../state/create-store';
import { Slider } from '../ui/slider';

const TOOLS = [
  { tool: 'move', icon: <Hand /> },
  { tool: 'brush', icon: <Brush /> },
  { tool: 'eraser', icon: <Eraser /> },
  { tool: 'polygon', icon: <Lasso /> },
  { tool: 'wand', icon: <WandSparkles /> },
  { tool: 'segment', icon: <CircleDot /> },
] as const;

const Line = () => <span className="mx-1 h-4 w-px shrink-0 bg-line" />;

/** The mask tools, and the setting of the one in hand. */
export function ToolStrip({ document }: { document: MaskDocument }) {
  const settings = useStore(toolStore, (value) => value);
  useStore(document.changes, (count) => count);
  const brush = settings.tool === 'brush' || settings.tool === 'eraser';
  return (
    <div
      role="toolbar"
      aria-label="Mask tools"
      className="flex h-9 shrink-0 items-center gap-0.5 overflow-x-auto border-b border-line px-2"
    >
      {TOOLS.map(({ tool, icon }) => (
        <CommandButton key={tool} command={`mask.tool.${tool}`} icon={icon} pressed={settings.tool === tool} />
      ))}
      <Line />
      <CommandButton command="mask.undo" icon={<Undo2 />} disabled={!document.canUndo} />
      <CommandButton command="mask.redo" icon={<Redo2 />} disabled={!document.canRedo} />
      <Line />
      <CommandButton command="mask.shrink" icon={<Minus />} />
      <CommandButton command="mask.grow" icon={<Plus />} />
      <CommandButton command="mask.fillHoles" icon={<PaintBucket />} />
      <CommandButton command="mask.takeModel" icon={<Sparkles />} />
      {brush || settings.tool === 'wand' ? (
        <div className="ml-2 w-60 shrink-0">
          {brush ? (
            <Slider
              label="Radius"
              value={settings.radius}
              max={80}
              step={0.5}
              format={(value) => `${value} px`}
              onChange={(radius) => toolStore.set((value) => ({ ...value, radius: Math.max(0.5, radius) }))}
            />
          ) : (
            <Slider
              label="Tolerance"
              value={settings.tolerance}
              max={0.6}
              onChange={(tolerance) => toolStore.set((value) => ({ ...value, tolerance }))}
            />
          )}
        </div>
      ) : null}
    </div>
  );
}
