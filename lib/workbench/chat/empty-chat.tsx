import { ScanEye } from 'lucide-react';
import { Kbd } from '../ui/kbd';
import { samples, sampleUrl, takeSample } from './samples';

/** A conversation that has not begun: what to do, and samples to try it with. */
export function EmptyChat({ conversationId, missing }: { conversationId: string; missing: boolean }) {
  return (
    <div className="flex min-h-0 flex-1 flex-col items-center overflow-y-auto px-4">
      <div className="my-auto w-full max-w-xl py-6 text-center">
        <ScanEye className="mx-auto size-9 text-accent" strokeWidth={1.4} aria-hidden />
        <h2 className="mt-2 text-lg font-semibold text-strong">What should I look at?</h2>
        {missing ? (
          <p className="mt-1 text-mid">
            That conversation does not exist, or not any more. A message starts a new one.
          </p>
        ) : null}
        <p className="mx-auto mt-1 max-w-md text-muted">
          Drop a photo of a part, paste it, or choose files. I look twice, mark what is wrong, and then you can ask what
          it means and what to do.
        </p>
        <ul className="mt-5 grid gap-2 sm:grid-cols-3" aria-label="Samples to try">
          {samples.map((sample) => (
            <li key={sample.id}>
              <button
                type="button"
                data-sample={sample.id}
                onClick={() => void takeSample(conversationId, sample)}
                className="flex w-full items-center gap-3 overflow-hidden rounded-lg border border-line bg-raised text-left transition-colors hover:border-accent sm:block"
              >
                {/* eslint-disable-next-line @next/next/no-img-element -- a small static file */}
                <img
                  src={sampleUrl(sample.images[0]?.file ?? '')}
                  alt=""
                  className="size-16 object-cover sm:h-24 sm:w-full"
                />
                <span className="block px-2.5 py-1.5">
                  <span className="block text-xs font-medium text-strong">{sample.title}</span>
                  <span className="block text-2xs text-muted">{sample.hint}</span>
                </span>
              </button>
            </li>
          ))}
        </ul>
        <p className="mt-5 hidden flex-wrap items-center justify-center gap-x-4 gap-y-1 text-2xs text-muted sm:flex">
          <span>
            <code className="font-mono">/</code> commands
          </span>
          <span>
            <code className="font-mono">#</code> images
          </span>
          <span className="inline-flex items-center gap-1.5">
            <Kbd binding="mod+shift+p" /> everything else
          </span>
        </p>
      </div>
    </div>
  );
}
