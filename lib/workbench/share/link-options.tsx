'use client';

import { useId, type ReactNode } from 'react';
import { accountStore } from '../state/account';
import { useStore } from '../state/create-store';
import { Switch } from '../ui/checkbox';
import { Select } from '../ui/select';

export type LinkOptions = {
  live: boolean;
  includeNames: boolean;
  includeMetadata: boolean;
  allowEmbed: boolean;
  membersOnly: boolean;
  /** Days as text; `never`: until it is revoked. */
  expiry: (typeof EXPIRIES)[number]['value'];
  /** Empty: none. */
  password: string;
};

const EXPIRIES = [
  { value: '1', label: '1 day' },
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: '1 year' },
  { value: 'never', label: 'Until I revoke it' },
] as const;

/** Safe unless the user says otherwise. */
export const DEFAULT_OPTIONS: LinkOptions = {
  live: false,
  includeNames: false,
  includeMetadata: false,
  allowEmbed: false,
  membersOnly: false,
  expiry: '30',
  password: '',
};

function Hint({ children }: { children: ReactNode }) {
  return <p className="-mt-1.5 pr-11 text-2xs text-muted">{children}</p>;
}

/** What a link shows and to whom. */
export function LinkOptionsForm({
  options,
  onChange,
}: {
  options: LinkOptions;
  onChange: (change: Partial<LinkOptions>) => void;
}) {
  const [expiryId, passwordId] = [useId(), useId()];
  const isTeam = useStore(accountStore, (account) => account?.mode === 'team');
  return (
    <div className="space-y-2.5">
      <div className="flex items-center justify-between gap-3">
        <label htmlFor={expiryId} className="text-xs">
          Works for
        </label>
        <Select id={expiryId} value={options.expiry} onChange={(expiry) => onChange({ expiry })} options={EXPIRIES} />
      </div>
      <div className="flex items-center justify-between gap-3">
        <label htmlFor={passwordId} className="text-xs">
          Password <span className="text-muted">(8 characters or more; empty: none)</span>
        </label>
        <input
          id={passwordId}
          type="text"
          autoComplete="off"
          spellCheck={false}
          maxLength={200}
          value={options.password}
          onChange={({ target }) =>
            onChange({ password: target.value, ...(target.value === '' ? {} : { allowEmbed: false }) })
          }
          className="h-7 w-40 rounded-md border border-line-strong bg-input px-2 text-xs"
        />
      </div>
      {isTeam ? (
        <>
          <Switch
            label="Signed-in colleagues only"
            checked={options.membersOnly}
            onChange={(membersOnly) => onChange({ membersOnly, ...(membersOnly ? { allowEmbed: false } : {}) })}
          />
          <Hint>Whoever opens the link signs in first. Previews in chats show nothing of it.</Hint>
        </>
      ) : null}
      <Switch label="Live" checked={options.live} onChange={(live) => onChange({ live })} />
      <Hint>Shows what is asked and ticked later, too. Otherwise the link shows the conversation as it is now.</Hint>
      <Switch
        label="File names"
        checked={options.includeNames}
        onChange={(includeNames) => onChange({ includeNames })}
      />
      <Switch
        label="Original files with their metadata"
        checked={options.includeMetadata}
        onChange={(includeMetadata) => onChange({ includeMetadata })}
      />
      <Hint>EXIF data can tell where and when a photo was taken. Otherwise only the pixels are shared.</Hint>
      <Switch
        label="Allow other pages to embed it"
        checked={options.allowEmbed}
        onChange={(allowEmbed) => onChange({ allowEmbed, ...(allowEmbed ? { password: '', membersOnly: false } : {}) })}
      />
    </div>
  );
}
