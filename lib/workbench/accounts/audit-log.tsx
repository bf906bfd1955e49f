'use client';

import { useState } from 'react';
import useSWRInfinite from 'swr/infinite';
import type { AuditEventInfo } from '@/lib/auth/contract';
import { Button } from '../ui/button';
import { Select } from '../ui/select';
import { accountApi } from './account-api';
import { Problem, Section, showMoment } from './parts';

const KINDS = [
  { value: '', label: 'everything' },
  { value: 'session', label: 'sign-ins' },
  { value: 'share', label: 'share links' },
  { value: 'conversation', label: 'conversations' },
  { value: 'dataset', label: 'datasets' },
  { value: 'role', label: 'role changes' },
  { value: 'user', label: 'people' },
  { value: 'invitation', label: 'invitations' },
  { value: 'key', label: 'API keys' },
  { value: 'password', label: 'passwords' },
] as const;

type Page = Awaited<ReturnType<typeof accountApi.audit>>;

/** Who did what, when and from where, the newest first. */
export function AuditLog() {
  const [kind, setKind] = useState<(typeof KINDS)[number]['value']>('');
  const { data, error, size, setSize, isLoading } = useSWRInfinite<Page, Error>(
    (_index: number, previous: Page | null) =>
      previous !== null && previous.nextCursor === null ? null : ['audit', kind, previous?.nextCursor ?? null],
    ([, action, cursor]: [string, string, string | null]) => accountApi.audit(cursor, action),
  );
  const events = data?.flatMap((page) => page.events) ?? [];
  return (
    <Section title="Audit log" description="Sign-ins, shares, deletions, roles and keys.">
      <Select aria-label="What to show" value={kind} options={KINDS} onChange={setKind} />
      <div role="region" aria-label="Events" tabIndex={0} className="overflow-x-auto">
        <table className="w-full min-w-xl border-collapse text-left text-xs">
          <thead className="text-2xs text-muted">
            <tr>
              {['When', 'Who', 'What', 'On', 'From'].map((title) => (
                <th key={title} scope="col" className="border-b border-line py-1.5 pr-3 font-medium">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {events.map((event) => (
              <Line key={event.id} event={event} />
            ))}
          </tbody>
        </table>
      </div>
      {events.length === 0 && !isLoading ? <p className="text-xs text-muted">Nothing yet.</p> : null}
      <Problem>{error?.message}</Problem>
      {data?.at(-1)?.nextCursor ? (
        <Button variant="secondary" disabled={isLoading} onClick={() => void setSize(size + 1)}>
          Older
        </Button>
      ) : null}
    </Section>
  );
}

/** The names and values of an event's detail, in words where they are words. */
function describeDetail(detail: AuditEventInfo['detail']): string {
  return typeof detail !== 'object' || detail === null
    ? String(detail ?? '')
    : Object.entries(detail)
        .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
        .join(', ');
}

function Line({ event }: { event: AuditEventInfo }) {
  const cell = 'border-b border-line py-1.5 pr-3 align-top';
  const detail = describeDetail(event.detail);
  return (
    <tr>
      <td className={`${cell} whitespace-nowrap text-muted`}>{showMoment(event.at)}</td>
      <td className={`${cell} min-w-36 break-words`}>{event.actor ?? 'nobody'}</td>
      <td className={cell}>
        <span className="font-medium text-strong">{event.action}</span>
        {detail ? <span className="block max-w-56 text-2xs break-words text-muted">{detail}</span> : null}
      </td>
      <td className={`${cell} max-w-44 break-all text-muted`}>{event.target}</td>
      <td className={`${cell} text-muted`}>{event.address ?? ''}</td>
    </tr>
  );
}
