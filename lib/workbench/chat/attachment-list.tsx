import { Loader2, RotateCw, TriangleAlert, X } from 'lucide-react';
import { imageUrl } from '../client/api';
import { cn } from '../ui/cn';
import { Button } from '../ui/button';
import { Tooltip } from '../ui/tooltip';
import { PageField } from '../ui/page-field';
import { choosePage } from './choose-page';
import { removeAttachment, retryUpload, setAttachmentRole, type Attachment, type Stack } from './drafts';

/** What will be sent along: state of each upload, the role of each image, and why a file was refused. */
export function AttachmentList({
  conversationId,
  attachments,
}: {
  conversationId: string;
  attachments: readonly Attachment[];
}) {
  if (attachments.length === 0) {
    return null;
  }
  return (
    <ul aria-label="Attachments" className="flex max-h-44 flex-wrap gap-1.5 overflow-y-auto border-b border-line p-2">
      {attachments.map(({ key, name, role, state }) => (
        <li
          key={key}
          data-attachment={state.kind}
          className={cn(
            'flex max-w-full items-center gap-1.5 rounded-md border border-line bg-app py-1 pr-1 pl-1.5 text-xs',
            state.kind === 'failed' && 'border-high/60',
          )}
        >
          {state.kind === 'ready' ? (
            // eslint-disable-next-line @next/next/no-img-element -- a stored variant of a private image
            <img src={imageUrl(state.imageId, 160)} alt="" className="size-8 rounded object-cover" />
          ) : state.kind === 'uploading' ? (
            <Loader2 className="size-4 animate-spin text-muted" aria-label="Uploading" />
          ) : (
            <TriangleAlert className="size-4 shrink-0 text-high" aria-label="Refused" />
          )}
          <span className="min-w-0">
            <span className="block max-w-40 truncate" title={name}>
              {name}
            </span>
            {state.kind === 'failed' ? (
              <span role="alert" className="block max-w-72 text-high">
                {state.message}
              </span>
            ) : (
              <button
                type="button"
                className="mr-2 text-2xs text-link hover:underline"
                onClick={() => setAttachmentRole(conversationId, key, role === 'subject' ? 'reference' : 'subject')}
                aria-label={
                  role === 'subject'
                    ? `${name}: to inspect. Use as a normal reference instead`
                    : `${name}: normal reference. Inspect it instead`
                }
              >
                {role === 'subject' ? 'to inspect' : 'normal reference'}
              </button>
            )}
            {state.kind === 'ready' && state.stack ? (
              <StackField
                name={name}
                stack={state.stack}
                onChoose={(stack, page) => void choosePage(conversationId, key, stack, page)}
              />
            ) : null}
          </span>
          {state.kind === 'failed' ? (
            <Tooltip label="Upload again">
              <Button size="icon" aria-label={`Upload ${name} again`} onClick={() => retryUpload(conversationId, key)}>
                <RotateCw />
              </Button>
            </Tooltip>
          ) : null}
          <Button size="icon" aria-label={`Remove ${name}`} onClick={() => removeAttachment(conversationId, key)}>
            <X />
          </Button>
        </li>
      ))}
    </ul>
  );
}

/** Which page of a stack is asked about. */
function StackField({
  name,
  stack,
  onChoose,
}: {
  name: string;
  stack: Stack;
  onChoose: (stack: Stack, page: number) => void;
}) {
  const { page, pages } = stack;
  return (
    <PageField page={page} pages={pages} label={`Page of ${name}`} onChoose={(wanted) => onChoose(stack, wanted)} />
  );
}
