'use client';

import { Cloud, FileX, ImageUp, Ruler, ScrollText } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import { useStore } from '../state/create-store';
import { chooseEngine, consentStore } from '../state/engines';
import { Button } from '../ui/button';
import { Dialog } from '../ui/dialog';
import { useEngines } from './use-engines';

function Point({ icon: Icon, children }: { icon: LucideIcon; children: string }) {
  return (
    <li className="flex items-start gap-2.5">
      <Icon className="mt-0.5 size-4 shrink-0 text-muted" aria-hidden />
      <span>{children}</span>
    </li>
  );
}

/** Asks a person before anything of a conversation leaves this machine, and says what would. */
export function ConsentDialog() {
  const request = useStore(consentStore, (value) => value);
  const { engines } = useEngines();
  const engine = engines.find(({ name }) => name === request?.engine);
  if (request === null || engine === undefined) {
    return null;
  }
  const { label, model, host, images, fallback } = engine;
  const close = () => consentStore.set(null);
  const allow = () => {
    close();
    if (request.once !== undefined) {
      request.once();
      return;
    }
    chooseEngine(request.conversationId, engine.name, true);
    request.then?.();
  };
  return (
    <Dialog
      open
      onOpenChange={close}
      title={`Let ${label} see this conversation?`}
      description={`It goes to ${host ?? 'another machine'} (${model ?? ''}).`}
      className="w-[min(94vw,30rem)]"
    >
      <div className="space-y-4 overflow-y-auto p-4">
        <ul className="space-y-2.5">
          <Point icon={ImageUp}>
            {images
              ? 'Sent: the pictures in question and references, made smaller, their marked regions enlarged, and all texts of this conversation, with the figures of data sets that it names.'
              : 'Sent: all texts of this conversation, with the figures of data sets that it names, and what was measured on its pictures. The pictures stay here.'}
          </Point>
          <Point icon={FileX}>Not sent: file names, data that cameras write into files, other conversations.</Point>
          <Point icon={Ruler}>
            The expert on this machine still looks at each picture; where the two disagree you see both.
          </Point>
          {fallback ? <Point icon={Cloud}>If it fails, the embedded model answers instead and says so.</Point> : null}
          <Point icon={ScrollText}>Your consent holds for this conversation and is noted in the audit log.</Point>
        </ul>
        <div className="flex flex-wrap justify-end gap-2">
          <Button variant="secondary" onClick={close}>
            Keep it here
          </Button>
          <Button variant="primary" data-allow-engine onClick={allow}>
            Allow for this conversation
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
