'use client';

import { useCommands } from '../commands/commands-context';
import { Dialog } from '../ui/dialog';
import { Kbd } from '../ui/kbd';

/** The keys of the review view, read from the command registry. */
export function KeysDialog({ onClose }: { onClose: () => void }) {
  const { registry } = useCommands();
  const groups = [
    { title: 'Review', ids: registry.all().filter(({ category }) => category === 'Review') },
    {
      title: 'Picture',
      ids: [
        'image.fit',
        'image.actualSize',
        'image.zoomIn',
        'image.zoomOut',
        'image.toggleMask',
        'image.toggleHeatmap',
      ].map((id) => registry.get(id)),
    },
    { title: 'Mask', ids: registry.all().filter(({ category }) => category === 'Mask') },
  ];
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title="Review keys" className="w-[min(94vw,46rem)]">
      <div className="gap-x-6 overflow-y-auto p-4 sm:columns-2">
        {groups.map(({ title, ids }) => (
          <section key={title} className="mb-4 break-inside-avoid">
            <h3 className="mb-1 text-2xs font-medium text-muted">{title}</h3>
            <ul>
              {ids.map((command) => (
                <li key={command.id} className="flex h-6.5 items-center justify-between gap-3 text-xs">
                  <span className="truncate">{command.title}</span>
                  <span className="flex gap-2">
                    {(command.keybindings ?? []).map((binding) => (
                      <Kbd key={binding} binding={binding} />
                    ))}
                  </span>
                </li>
              ))}
            </ul>
          </section>
        ))}
        <p className="text-2xs text-muted">Alt turns adding into taking away. Escape leaves a text field.</p>
      </div>
    </Dialog>
  );
}
