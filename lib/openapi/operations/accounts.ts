import { z } from 'zod';
import * as auth from '@/lib/auth/contract';
import * as sharing from '@/lib/sharing/contract';
import { file, json, nothing, operation, type Group } from '../operation';

const gone = z.object({ id: z.string() });

export const accountGroups: Group[] = [
  {
    name: 'Sharing',
    description: 'Links that need no account.',
    operations: [
      operation('GET /api/shares', 'read', 'One’s own links', {
        query: sharing.shareListQuerySchema,
        answer: sharing.shareListSchema,
      }),
      operation('POST /api/shares', 'share', 'Make a link; its token is told once', {
        body: sharing.shareCreateSchema,
        answers: [json(201, 'The link', sharing.shareCreatedSchema)],
      }),
      operation('PATCH /api/shares/{id}', 'share', 'Change a link', {
        body: sharing.sharePatchSchema,
        answer: sharing.shareSchema,
      }),
      operation('DELETE /api/shares/{id}', 'share', 'Revoke a link', { answers: [nothing(204, 'Gone')] }),
      operation('GET /api/shared/{token}/images/{id}', 'public', 'A picture of a link', {
        query: sharing.sharedImageQuerySchema,
        answers: [file('image/*', 'The picture')],
      }),
      operation('GET /api/shared/{token}/picture', 'public', 'Preview for other sites', {
        answers: [file('image/png', 'The picture')],
      }),
      operation('GET /api/shared/{token}/report', 'public', 'The conversation as PDF', {
        answers: [file('application/pdf', 'The report')],
      }),
      operation('POST /api/shared/{token}/unlock', 'public', 'Give a link’s password', {
        media: [{ mime: 'application/x-www-form-urlencoded', description: 'A form with the field password' }],
        answers: [nothing(303, 'Back to the page')],
      }),
      operation('POST /api/shared/{token}/fork', 'chat', 'A copy in one’s own workspace', {
        answers: [json(201, 'The copy', sharing.shareForkedSchema)],
      }),
    ],
  },
  {
    name: 'Accounts',
    description: 'Team mode only, but for the account itself and the audit log.',
    operations: [
      operation('GET /api/account', 'read', 'Who one is', { answer: auth.accountSchema }),
      operation('POST /api/auth/sign-in', 'public', 'Sign in', { body: auth.signInSchema }),
      operation('POST /api/auth/sign-out', 'account', 'Sign out', { body: auth.signOutSchema }),
      operation('POST /api/auth/password', 'account', 'Change the password', { body: auth.changePasswordSchema }),
      operation('POST /api/auth/oidc', 'public', 'Begin a single sign-on', { answer: auth.redirectSchema }),
      operation('GET /api/auth/callback/oidc', 'public', 'Where a single sign-on comes back', {
        answers: [nothing(302, 'To the workbench')],
      }),
      operation('GET /api/keys', 'account', 'One’s own API keys', { answer: auth.keyListSchema }),
      operation('POST /api/keys', 'account', 'Make a key; it is told once', {
        body: auth.keyCreateSchema,
        answers: [json(201, 'The key', auth.keyCreatedSchema)],
      }),
      operation('DELETE /api/keys/{id}', 'account', 'Revoke a key', { answer: gone }),
      operation('GET /api/sessions', 'account', 'Where one is signed in', { answer: auth.sessionListSchema }),
      operation('DELETE /api/sessions/{id}', 'account', 'Sign a device out', { answer: gone }),
      operation('GET /api/invitations', 'administer', 'Open invitations', { answer: auth.invitationListSchema }),
      operation('POST /api/invitations', 'administer', 'Invite somebody', {
        body: auth.invitationCreateSchema,
        answers: [json(201, 'The invitation and its link', auth.invitationCreatedSchema)],
      }),
      operation('DELETE /api/invitations/{id}', 'administer', 'Take an invitation back', { answer: gone }),
      operation('POST /api/invitations/look', 'public', 'Whom an invitation is for', {
        body: auth.invitationLookSchema,
        answer: auth.invitationLookedSchema,
      }),
      operation('POST /api/invitations/accept', 'public', 'Make the account of an invitation', {
        body: auth.invitationAcceptSchema,
      }),
      operation('GET /api/users', 'administer', 'All accounts', { answer: auth.memberListSchema }),
      operation('PATCH /api/users/{id}', 'administer', 'Change a role, bar an account', {
        body: auth.memberPatchSchema,
        answer: auth.memberSchema,
      }),
      operation('GET /api/audit', 'administer', 'Who did what, the newest first', {
        query: auth.auditQuerySchema,
        answer: auth.auditListSchema,
      }),
    ],
  },
];
