'use client';

import { Check, CircleCheck, Eye, ThumbsUp } from 'lucide-react';
import { useId, useState } from 'react';
import { newId, type InspectionPart, type MaskPart } from '@/lib/contract';
import type { CorrectionKind, CorrectionPreview, PreviewCorrection } from '@/lib/parts/contract';
import { ApiError } from '../client/api';
import { Button } from '../ui/button';
import { Dialog } from '../ui/dialog';
import { notify } from '../ui/notify';
import { partsApi } from './client';
import { teach } from './open-part';
import { outlookText } from './part-threshold';
import { attempt } from './use-parts';

type Asked = { correction: PreviewCorrection; preview: CorrectionPreview };

const TITLES: Record<CorrectionKind, string> = {
  fine: 'It is fine: a false alarm',
  missed: 'A defect was missed',
  right: 'The verdict is right',
};

/**
 * What a person says of a verdict: it was a false alarm, it missed something, or it was right. Without a part the image
 * can become a good sample of one.
 */
export function CorrectionBar({
  inspection,
  masks,
  name,
}: {
  inspection: InspectionPart;
  masks: readonly MaskPart[];
  name: string;
}) {
  const { part, imageId, verdict, score } = inspection;
  const [asked, setAsked] = useState<Asked | null>(null);
  if (part === undefined) {
    return (
      <Button
        size="sm"
        variant="ghost"
        onClick={() => teach({ imageIds: [imageId], name: name.replace(/\.\w{1,5}$/, '') })}
      >
        <ThumbsUp aria-hidden /> This is a good one
      </Button>
    );
  }
  const ask = async (kind: CorrectionKind) => {
    const mask = kind === 'right' && verdict === 'anomalous' ? masks[0] : undefined;
    const correction: PreviewCorrection = {
      ...{ imageId, kind, verdict, score },
      defectType: mask?.label ?? null,
      bbox: mask?.bbox ?? null,
    };
    try {
      setAsked({ correction, preview: await partsApi.preview(part.id, correction) });
    } catch (error) {
      notify.error(error instanceof ApiError ? error.message : String(error));
    }
  };
  return (
    <div role="group" aria-label="Correct the verdict" className="flex flex-wrap items-center gap-0.5">
      {verdict === 'normal' ? null : (
        <Button size="sm" onClick={() => void ask('fine')}>
          <CircleCheck aria-hidden /> This is fine
        </Button>
      )}
      {verdict === 'anomalous' ? null : (
        <Button size="sm" onClick={() => void ask('missed')}>
          <Eye aria-hidden /> You missed this
        </Button>
      )}
      {verdict === 'unsure' ? null : (
        <Button size="sm" onClick={() => void ask('right')}>
          <Check aria-hidden /> Right
        </Button>
      )}
      <Dialog
        open={asked !== null}
        onOpenChange={(open) => open || setAsked(null)}
        title={asked === null ? '' : TITLES[asked.correction.kind]}
        description={
          asked?.preview.sampleKind === 'golden'
            ? `The image becomes a good sample of ${part.name}.`
            : `The image becomes a known defect of ${part.name}.`
        }
      >
        {asked === null ? null : <Confirm part={part} asked={asked} onDone={() => setAsked(null)} />}
      </Dialog>
    </div>
  );
}

function Confirm({ part, asked, onDone }: { part: { id: string; name: string }; asked: Asked; onDone: () => void }) {
  const { correction, preview } = asked;
  const [type, setType] = useState(correction.defectType ?? '');
  const [busy, setBusy] = useState(false);
  const typeId = useId();
  const isDefect = preview.sampleKind === 'defect';
  const confirm = async () => {
    setBusy(true);
    const id = newId();
    const defectType = isDefect && type.trim() !== '' ? type.trim() : null;
    const done = await attempt(() => partsApi.correct(part.id, { id, ...correction, defectType }), part.id);
    setBusy(false);
    if (done) {
      onDone();
      notify.success(`${part.name} has learnt it.`, {
        action: { label: 'Undo', onClick: () => void attempt(() => partsApi.undo(part.id, id), part.id) },
      });
    }
  };
  return (
    <div className="space-y-3 p-4">
      {isDefect ? (
        <div>
          <label htmlFor={typeId} className="mb-1 block text-xs text-muted">
            What is it? (may be left empty)
          </label>
          <input
            id={typeId}
            dir="auto"
            value={type}
            maxLength={100}
            placeholder="scratch, missing hole …"
            onChange={({ currentTarget }) => setType(currentTarget.value)}
            className="h-7.5 w-full rounded-md border border-line-strong bg-input px-2 text-ui"
          />
        </div>
      ) : null}
      <dl className="grid grid-cols-[auto_1fr] gap-x-3 gap-y-1 text-xs">
        {(['before', 'after'] as const).map((when) => (
          <div key={when} className="contents">
            <dt className="text-muted">{when === 'before' ? 'Threshold now' : 'Threshold then'}</dt>
            <dd>
              <b className="font-semibold tabular-nums">{preview[when].threshold?.toFixed(3) ?? 'none yet'}</b>
              <span className="block text-muted">{outlookText(preview[when])}</span>
            </dd>
          </div>
        ))}
      </dl>
      <div className="flex justify-end gap-2">
        <Button onClick={onDone}>Cancel</Button>
        <Button variant="primary" autoFocus disabled={busy} onClick={() => void confirm()}>
          Learn it
        </Button>
      </div>
    </div>
  );
}
