import { z } from 'zod';
import * as contract from '@/lib/auth/contract';
import { json, request, withBody } from '../client/api';

const done = z.object({});

/** The calls of the account pages, checked against their contract. All reject with `ApiError`. */
export const accountApi = {
  account: () => json(contract.accountSchema, '/api/account'),
  signIn: (body: z.input<typeof contract.signInSchema>) => json(done, '/api/auth/sign-in', withBody('POST', body)),
  startSingleSignOn: () => json(contract.redirectSchema, '/api/auth/oidc', { method: 'POST' }),
  signOut: (everywhere: boolean) => request('/api/auth/sign-out', withBody('POST', { everywhere })),
  changePassword: (body: z.input<typeof contract.changePasswordSchema>) =>
    request('/api/auth/password', withBody('POST', body)),
  look: (token: string) => json(contract.invitationLookedSchema, '/api/invitations/look', withBody('POST', { token })),
  accept: (body: z.input<typeof contract.invitationAcceptSchema>) =>
    json(done, '/api/invitations/accept', withBody('POST', body)),
  members: () => json(contract.memberListSchema, '/api/users'),
  changeMember: (id: string, change: contract.MemberPatch) =>
    json(contract.memberSchema, `/api/users/${encodeURIComponent(id)}`, withBody('PATCH', change)),
  invitations: () => json(contract.invitationListSchema, '/api/invitations'),
  invite: (body: z.input<typeof contract.invitationCreateSchema>) =>
    json(contract.invitationCreatedSchema, '/api/invitations', withBody('POST', body)),
  revokeInvitation: (id: string) => request(`/api/invitations/${encodeURIComponent(id)}`, { method: 'DELETE' }),
  keys: () => json(contract.keyListSchema, '/api/keys'),
  createKey: (body: z.input<typeof contract.keyCreateSchema>) =>
    json(contract.keyCreatedSchema, '/api/keys', withBody('POST', body)),
  revokeKey: (id: string) => request(`/api/keys/${encodeURIComponent(id)}`, { method: 'DELETE' }),
  sessions: () => json(contract.sessionListSchema, '/api/sessions'),
  endSession: (id: string) => request(`/api/sessions/${encodeURIComponent(id)}`, { method: 'DELETE' }),
  audit: (cursor: string | null, action: string) => {
    const query = new URLSearchParams({ ...(cursor ? { cursor } : {}), ...(action ? { action } : {}) });
    return json(contract.auditListSchema, `/api/audit?${query}`);
  },
};
