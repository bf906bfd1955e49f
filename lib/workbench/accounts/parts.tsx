import { Check, Copy } from 'lucide-react';
import { useId, useState, type ComponentProps, type ReactNode } from 'react';
import { Button } from '../ui/button';
import { cn } from '../ui/cn';

/** A labelled input of a form. */
export function Field({
  label,
  hint,
  className,
  ...props
}: ComponentProps<'input'> & { label: string; hint?: string }) {
  const id = useId();
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1 block text-xs font-medium text-fg">
        {label}
      </label>
      <input
        id={id}
        dir="auto"
        {...(hint ? { 'aria-describedby': `${id}-hint` } : {})}
        className="h-8.5 w-full rounded-md border border-line-strong bg-input px-2.5 text-ui text-strong read-only:text-muted"
        {...props}
      />
      {hint ? (
        <p id={`${id}-hint`} className="mt-1 text-2xs text-muted">
          {hint}
        </p>
      ) : null}
    </div>
  );
}

/** What went wrong, read out when it appears; nothing without a message. */
export function Problem({ children }: { children: ReactNode }) {
  return children ? (
    <p role="alert" className="rounded-md bg-high-soft px-3 py-2 text-xs text-high">
      {children}
    </p>
  ) : null;
}

/** A titled part of a page. */
export function Section({
  title,
  description,
  children,
}: {
  title: string;
  description?: string;
  children: ReactNode;
}) {
  return (
    <section className="mt-4 rounded-lg border border-line bg-editor p-4">
      <h2 className="font-semibold text-strong">{title}</h2>
      {description ? <p className="mt-0.5 text-xs text-muted">{description}</p> : null}
      <div className="mt-3 space-y-3">{children}</div>
    </section>
  );
}

/** A secret that is shown once, with a button to copy it. */
export function Secret({ label, value }: { label: string; value: string }) {
  const [copied, setCopied] = useState(false);
  return (
    <div role="status" className="rounded-md border border-line-strong bg-raised p-3">
      <p className="text-xs text-fg">{label}</p>
      <div className="mt-2 flex items-center gap-2">
        <code className="min-w-0 flex-1 rounded bg-hover px-2 py-1 font-mono text-xs break-all text-strong">
          {value}
        </code>
        <Button
          variant="secondary"
          size="sm"
          onClick={() => void navigator.clipboard.writeText(value).then(() => setCopied(true))}
        >
          {copied ? <Check aria-hidden /> : <Copy aria-hidden />}
          {copied ? 'Copied' : 'Copy'}
        </Button>
      </div>
    </div>
  );
}

/** One line of a list: who or what it is, and what can be done with it. */
export function Row({ children, faded = false }: { children: ReactNode; faded?: boolean }) {
  return (
    <li
      className={cn(
        'flex flex-wrap items-center gap-x-3 gap-y-1.5 border-b border-line py-2 last:border-0',
        faded && 'opacity-60',
      )}
    >
      {children}
    </li>
  );
}

/** The button of a line that ends what the line names. */
export function EndButton({
  label,
  subject,
  busy,
  onEnd,
}: {
  label: string;
  /** What is ended, for who does not see the line. */
  subject: string;
  busy: boolean;
  onEnd: () => void;
}) {
  return (
    <Button variant="secondary" size="sm" disabled={busy} aria-label={`${label} ${subject}`} onClick={onEnd}>
      {label}
    </Button>
  );
}

/** One line of fields that adds to a list: a field, a choice, a button. */
export function AddForm({
  field,
  choice,
  action,
  busy,
  onAdd,
}: {
  field: ComponentProps<typeof Field>;
  choice: ReactNode;
  action: string;
  busy: boolean;
  onAdd: () => void;
}) {
  return (
    <form
      className="grid grid-cols-[1fr_auto] items-end gap-3 sm:grid-cols-[1fr_auto_auto]"
      onSubmit={(event) => {
        event.preventDefault();
        onAdd();
      }}
    >
      <Field required className="max-sm:col-span-2" {...field} />
      {choice}
      <Button type="submit" variant="secondary" className="h-8.5" disabled={busy}>
        {action}
      </Button>
    </form>
  );
}

const DAY = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium' });
const MOMENT = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

export const showDay = (iso: string) => DAY.format(new Date(iso));
export const showMoment = (iso: string) => MOMENT.format(new Date(iso));
