import { POST as forkRoute } from '@/app/api/shared/[token]/fork/route';
import { GET as imageRoute } from '@/app/api/shared/[token]/images/[id]/route';
import { GET as pictureRoute } from '@/app/api/shared/[token]/picture/route';
import { GET as reportRoute } from '@/app/api/shared/[token]/report/route';
import { POST as unlockRoute } from '@/app/api/shared/[token]/unlock/route';
import { PATCH as changeRoute } from '@/app/api/shares/[id]/route';
import { GET as listRoute, POST as createRoute } from '@/app/api/shares/route';
import Page, { generateMetadata } from '@/app/s/[token]/page';
import EmbedPage from '@/app/s/[token]/embed/page';
import { database } from '@/lib/database/client';
import { shareCreatedSchema, shareListSchema, type ShareCreate } from '@/lib/sharing/contract';
import { useDataDirectory } from '../support/data-directory';
import { storeDefectConversation, type DefectConversation } from '../support/defect-conversation';
import { useFullBuckets } from '../support/full-buckets';
import { makePng } from '../support/images';
import { call } from '../support/request';
import { makePerson, useTeamMode, type Person } from '../support/team';

/** Headers of the request whose page is rendered, which Next.js hands to pages by the side. */
let sent = new Headers();
jest.mock('next/headers', () => ({ headers: () => Promise.resolve(sent) }));
// What the page draws is the business of other tests, and made of packages that this environment does not read.
jest.mock('@/lib/workbench/shared-page/shared-page', () => ({ SharedPage: () => null }));

useDataDirectory();
useFullBuckets();
let stored: DefectConversation;
// Before team mode begins: a conversation of the one owner of local mode, which is then given to somebody.
beforeAll(async () => {
  stored = await storeDefectConversation('part.png', await makePng(7, 320, 240), 'Is the secret part scratched?');
});
useTeamMode();

let [owner, colleague, viewer, disabled]: Person[] = [];
beforeAll(async () => {
  owner = await makePerson('owner@example.com', 'engineer');
  colleague = await makePerson('colleague@example.com', 'engineer');
  viewer = await makePerson('viewer@example.com', 'viewer');
  disabled = await makePerson('disabled@example.com', 'engineer');
  await database().user.update({ where: { id: disabled.userId }, data: { disabledAt: new Date() } });
  await database().conversation.updateMany({ data: { ownerId: owner.userId } });
  await database().image.updateMany({ data: { ownerId: owner.userId } });
});

async function create(options: Partial<ShareCreate> = {}) {
  const json = { conversationId: stored.conversationId, membersOnly: true, ...options };
  const response = await call(createRoute, '/api/shares', { json, headers: owner?.headers ?? {} });
  expect(response.status).toBe(201);
  return shareCreatedSchema.parse(await response.json());
}

let asked = 0;
type Asking = Record<string, string>;
/** Status of every address that shows something of a link. */
async function statuses(token: string, who: Asking): Promise<Record<string, number>> {
  const params = { token, id: stored.imageId };
  // Reports are limited per address, and there are many askers here.
  const headers = { ...who, 'x-forwarded-for': `10.0.0.${(asked += 1)}` };
  const answers = {
    image: await call(imageRoute, '/', { params, headers }),
    thumbnail: await call(imageRoute, '/?w=160', { params, headers }),
    head: await call(imageRoute, '/', { params, headers, method: 'HEAD' }),
    report: await call(reportRoute, '/', { params, headers }),
    fork: await call(forkRoute, '/', { params, headers, method: 'POST' }),
  };
  return Object.fromEntries(Object.entries(answers).map(([name, { status }]) => [name, status]));
}

/** What the page is, or where it leads: Next.js tells redirects and "not found" by what is thrown. */
async function visit(token: string, headers: Asking, show = Page): Promise<string> {
  sent = new Headers({ host: '127.0.0.1:3000', ...headers });
  const props = { params: Promise.resolve({ token }), searchParams: Promise.resolve({}) };
  try {
    await show(props);
    return 'shown';
  } catch (error) {
    return (error as { digest?: string }).digest ?? String(error);
  }
}

const shownTo = { image: 200, thumbnail: 200, head: 200, report: 200 };
const nobody = { image: 401, thumbnail: 401, head: 401, report: 401, fork: 401 };

test('a link for signed-in colleagues shows nothing to anybody else, on any of its addresses', async () => {
  const { token, share } = await create();
  expect(share.membersOnly).toBe(true);
  expect(await statuses(token, {})).toEqual(nobody);
  expect(await statuses(token, { cookie: 'better-auth.session_token=forged' })).toEqual(nobody);
  expect(await statuses(token, { authorization: 'Bearer wrong' })).toEqual(nobody);
  expect(await statuses(token, disabled?.headers ?? {})).toEqual(nobody);
  expect(await statuses(token, owner?.headers ?? {})).toEqual({ ...shownTo, fork: 201 });
  expect(await statuses(token, colleague?.headers ?? {})).toEqual({ ...shownTo, fork: 201 });
  // Somebody who may only read reads, and copies nothing.
  expect(await statuses(token, viewer?.headers ?? {})).toEqual({ ...shownTo, fork: 403 });
});

test('the page leads to the sign-in and back, counts no view for that, and previews say nothing', async () => {
  const { token, share } = await create();
  const signIn = expect.stringMatching(`NEXT_REDIRECT;.*;/sign-in\\?next=%2Fs%2F${token}`) as string;
  expect(await visit(token, {})).toEqual(signIn);
  expect(await visit(token, { 'user-agent': 'Slackbot-LinkExpanding 1.0' })).toEqual(signIn);
  expect(await visit(token, { 'x-method': 'HEAD' })).toEqual(signIn);
  expect(await visit(token, colleague?.headers ?? {})).toBe('shown');
  expect(await visit(token, colleague?.headers ?? {}, EmbedPage)).toMatch(/NEXT_HTTP_ERROR_FALLBACK;404/);
  const list = await call(listRoute, '/api/shares', { headers: owner?.headers ?? {} });
  const { shares } = shareListSchema.parse(await list.json());
  expect(shares.find(({ id }) => id === share.id)).toMatchObject({ views: 1, membersOnly: true });

  // The title is kept from everybody alike: whoever makes the preview is signed in for nobody.
  for (const headers of [{}, colleague?.headers ?? {}]) {
    sent = new Headers({ host: '127.0.0.1:3000', ...headers });
    const told = await generateMetadata({ params: Promise.resolve({ token }), searchParams: Promise.resolve({}) });
    expect(JSON.stringify(told)).not.toMatch(/secret|picture|og:/i);
  }
  const picture = await call(pictureRoute, '/', { params: { token }, headers: colleague?.headers ?? {} });
  expect(picture.status).toBe(401);
});

test('a password on top is asked of colleagues alone', async () => {
  const { token } = await create({ password: 'open sesame' });
  const unlock = (headers: Asking) =>
    call(unlockRoute, '/', {
      params: { token },
      body: new URLSearchParams({ password: 'open sesame' }).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    });
  const outside = await unlock({});
  expect([outside.status, outside.headers.get('set-cookie')]).toEqual([404, null]);
  const inside = await unlock(colleague?.headers ?? {});
  expect(inside.status).toBe(303);
  const cookie = inside.headers.get('set-cookie')?.split(';')[0] ?? '';
  // The password's cookie alone does not make a colleague.
  expect((await statuses(token, { cookie })).image).toBe(401);
  expect((await statuses(token, colleague?.headers ?? {})).image).toBe(404);
  expect((await statuses(token, { cookie: `${colleague?.headers.cookie ?? ''}; ${cookie}` })).image).toBe(200);
});

test('a link can be closed to others and opened again, but not embedded', async () => {
  const { token, share } = await create({ membersOnly: false });
  expect((await statuses(token, {})).image).toBe(200);
  const change = (json: unknown) =>
    call(changeRoute, '/', { method: 'PATCH', params: { id: share.id }, json, headers: owner?.headers ?? {} });
  expect((await change({ membersOnly: true })).status).toBe(200);
  expect((await statuses(token, {})).image).toBe(401);
  expect((await change({ allowEmbed: true })).status).toBe(400);
  expect((await change({ membersOnly: false, allowEmbed: true })).status).toBe(200);
  expect((await change({ membersOnly: true })).status).toBe(400);
  const both = { conversationId: stored.conversationId, membersOnly: true, allowEmbed: true };
  expect((await call(createRoute, '/api/shares', { json: both, headers: owner?.headers ?? {} })).status).toBe(400);
});
