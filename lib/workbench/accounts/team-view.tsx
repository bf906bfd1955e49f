'use client';

import { useState } from 'react';
import { roles, type AccountInfo, type Member, type MemberPatch, type Role } from '@/lib/auth/contract';
import { Button } from '../ui/button';
import { Select } from '../ui/select';
import { accountApi } from './account-api';
import { AuditLog } from './audit-log';
import { AddForm, EndButton, Problem, Row, Secret, Section, showDay } from './parts';
import { useList } from './use-list';

const ROLES = roles.map((value) => ({ value, label: value }));

/** People, invitations and the audit log; in local mode there is the log alone. */
export function TeamView({ account }: { account: AccountInfo }) {
  return (
    <>
      {account.mode === 'team' ? (
        <>
          <Members self={account.id} />
          <Invitations />
        </>
      ) : null}
      <AuditLog />
    </>
  );
}

function Members({ self }: { self: string }) {
  const { data, busy, problem, change } = useList('members', accountApi.members);
  const patch = (id: string, values: MemberPatch) => change(() => accountApi.changeMember(id, values));
  const label = ({ name, email }: Member) => email ?? name;
  return (
    <Section
      title="People"
      description="Engineers import and share, reviewers decide about items, viewers read. Who is disabled cannot sign in; what they made stays."
    >
      <ul>
        {(data?.users ?? []).map((member) => (
          <Row key={member.id} faded={member.disabled}>
            <div className="min-w-40 flex-1">
              <span className="font-medium text-strong">{member.name}</span>
              {member.id === self ? <span className="text-muted"> (you)</span> : null}
              <p className="text-2xs break-all text-muted">{member.email}</p>
            </div>
            <Select
              aria-label={`Role of ${label(member)}`}
              value={member.role}
              options={ROLES}
              disabled={busy}
              onChange={(role) => patch(member.id, { role })}
            />
            <Button
              variant="secondary"
              size="sm"
              className="w-16"
              disabled={busy || member.id === self}
              aria-label={`${member.disabled ? 'Let in' : 'Bar'} ${label(member)}`}
              onClick={() => patch(member.id, { disabled: !member.disabled })}
            >
              {member.disabled ? 'Let in' : 'Bar'}
            </Button>
          </Row>
        ))}
      </ul>
      <Problem>{problem}</Problem>
    </Section>
  );
}

function Invitations() {
  const { data, busy, problem, change } = useList('invitations', accountApi.invitations);
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>('engineer');
  const [link, setLink] = useState<{ email: string; url: string } | null>(null);
  return (
    <Section
      title="Invitations"
      description="A link makes one account for one address, within seven days. Send it yourself."
    >
      <ul>
        {(data?.invitations ?? []).map((invitation) => (
          <Row key={invitation.id}>
            <div className="min-w-40 flex-1">
              <span className="font-medium break-all text-strong">{invitation.email}</span>
              <p className="text-2xs text-muted">
                as {invitation.role} · ends {showDay(invitation.expiresAt)}
              </p>
            </div>
            <EndButton
              label="Withdraw"
              subject={`the invitation of ${invitation.email}`}
              busy={busy}
              onEnd={() => change(() => accountApi.revokeInvitation(invitation.id))}
            />
          </Row>
        ))}
      </ul>
      {link === null ? null : (
        <Secret label={`The link for ${link.email}. It is shown this once: copy it now.`} value={link.url} />
      )}
      <AddForm
        field={{
          label: 'Email',
          type: 'email',
          placeholder: 'name@example.com',
          autoComplete: 'off',
          value: email,
          onChange: (event) => setEmail(event.target.value),
        }}
        choice={<Select aria-label="Role" className="h-8.5" value={role} options={ROLES} onChange={setRole} />}
        action="Invite"
        busy={busy}
        onAdd={() =>
          change(async () => {
            const made = await accountApi.invite({ email, role });
            setLink({ email: made.invitation.email, url: made.url });
            setEmail('');
          })
        }
      />
      <Problem>{problem}</Problem>
    </Section>
  );
}
